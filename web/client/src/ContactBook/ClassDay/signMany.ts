import type { BookPageView } from '@/api/types'

/** What somebody saw of a page when they signed it (S1). */
export interface Seen {
  sections: Record<string, number>
  entries: number
  sheet: number
}

/** Sections that were never written in need not be named. */
export function seenOf(page: Pick<BookPageView, 'sections' | 'entries'>, sheet: number): Seen {
  return { sections: Object.fromEntries(page.sections.filter((one) => one.version > 0).map((one) => [one.section, one.version])), entries: page.entries, sheet }
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
