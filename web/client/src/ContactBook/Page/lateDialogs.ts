import { defineAsyncComponent } from 'vue'

/**
 * Dialogs are a third of a page's code and not needed to read or write it: they are fetched when one opens, or ahead when nothing else is to be done (router.ts), so
 * that they open without a network too.
 */
export const fetchDialogs = (): Promise<typeof import('./dialogs')> => import('./dialogs')

export const AddendumDialog = defineAsyncComponent(async () => (await fetchDialogs()).AddendumDialog)
export const NewerDialog = defineAsyncComponent(async () => (await fetchDialogs()).NewerDialog)
export const SectionHistory = defineAsyncComponent(async () => (await fetchDialogs()).SectionHistory)
export const SignRefused = defineAsyncComponent(async () => (await fetchDialogs()).SignRefused)
export const WithdrawDialog = defineAsyncComponent(async () => (await fetchDialogs()).WithdrawDialog)
