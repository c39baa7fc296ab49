import type { BookPageView, ClassSheetView, SheetItemView } from '@/api/types'
import type { PendingStore, StoredCommand } from '@/CoEditing/pendingStore'
import { pageTopic } from '../book'
import { itemKinds } from '../Sheet/sheetItems'

interface Day {
  school: string
  class: string
  date: string
  children: readonly { student: string }[]
}

/** Why one does not sign for a class at this moment: what this browser has not delivered yet would come after the signature, and be refused or left out. */
export type Hindrance = 'marks' | 'words'

/** @param commands Those of this browser that the school has not answered, or has refused. */
export function hindranceOf(day: Day, commands: readonly StoredCommand[], store: Pick<PendingStore, 'pending'>): Hindrance | null {
  if (commands.some((one) => one.subject.startsWith(`marks/${day.school}/${day.class}/${day.date}/`) && !one.refused)) return 'marks'
  const topics = new Set(day.children.map((child) => pageTopic(day.school, child.student, day.date)))
  return store.pending().some((one) => topics.has(one.topic)) ? 'words' : null
}

/** What the whole class shares, by kind: it is signed with every page. */
export function sharedOf(sheet: Pick<ClassSheetView, 'items'>): { kind: SheetItemView['kind']; items: SheetItemView[] }[] {
  return itemKinds.map((kind) => ({ kind, items: sheet.items.filter((one) => one.kind === kind && !one.isRemoved) })).filter((one) => one.items.length > 0)
}

/** More than this of one child is folded at first, so that a class is still looked through. */
const longest = 160

export function isLong(page: Pick<BookPageView, 'sections' | 'addenda'>): boolean {
  const texts = [...page.sections, ...page.addenda].map((one) => one.text.trim())
  const lines = texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0)
  return lines > 3 || texts.reduce((sum, text) => sum + text.length, 0) > longest
}

/** Asks for many things, a few at a time, in their order. The first failure is the answer. */
export async function fewAtATime<T, R>(list: readonly T[], most: number, ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++
      answers[at] = await ask(list[at] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, list.length) }, work))
  return answers
}
