import { defineAsyncComponent, type Component } from 'vue'
import DialogUnreachable from './DialogUnreachable.vue'

type Dialogs = typeof import('./dialogs')

/**
 * Dialogs are a third of a page's code and not needed to read or write it: they are fetched when one opens, or ahead when nothing else is to be done (router.ts), so
 * that they open without a network too.
 */
function late<Name extends keyof Dialogs>(name: Name): Dialogs[Name] {
  return defineAsyncComponent({ loader: async () => (await import('./dialogs'))[name] as Component, errorComponent: DialogUnreachable }) as Dialogs[Name]
}

export const AddendumDialog = late('AddendumDialog')
export const NewerDialog = late('NewerDialog')
export const SectionHistory = late('SectionHistory')
export const WithdrawDialog = late('WithdrawDialog')
