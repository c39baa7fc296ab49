import type { SheetItemKind, SheetItemView } from '@/api/types'

/** What has happened to an item since somebody signed (S2). */
export type ItemNews = 'added' | 'changed' | 'removed'

/** The kinds that child or parent tick. */
export const tickable: readonly SheetItemKind[] = ['homework', 'bring']
export const itemKinds: readonly SheetItemKind[] = ['homework', 'bring', 'notices', 'fees']

/** @param seen The sheet's version that the signature saw; null when nobody has signed. */
export function newsOf(item: SheetItemView, seen: number | null): ItemNews | null {
  if (seen === null || item.version <= seen) return null
  // What came and went again between two looks was never there for this family.
  if (item.added > seen) return item.isRemoved ? null : 'added'
  return item.isRemoved ? 'removed' : 'changed'
}

/** Items of one subject, in the order in which they were added. */
export interface SubjectItems {
  subject: string
  items: SheetItemView[]
}

/** Homework by subject, in the order in which the subjects first appear. What belongs to none comes last. */
export function bySubject(items: readonly SheetItemView[]): SubjectItems[] {
  const groups = new Map<string, SheetItemView[]>()
  for (const item of items) {
    const subject = item.subject ?? ''
    groups.set(subject, [...(groups.get(subject) ?? []), item])
  }
  return [...groups].map(([subject, list]) => ({ subject, items: list })).sort((a, b) => Number(a.subject === '') - Number(b.subject === ''))
}

/** Those that are on the sheet, and those that were taken off after the family had signed: it still sees that they were there. */
export function shownItems(items: readonly SheetItemView[], kind: SheetItemKind, seen: number | null): SheetItemView[] {
  return items.filter((one) => one.kind === kind && (!one.isRemoved || newsOf(one, seen) === 'removed'))
}

/** Those that were taken off and are not shown in their place. */
export function goneItems(items: readonly SheetItemView[], seen: number | null): SheetItemView[] {
  return items.filter((one) => one.isRemoved && newsOf(one, seen) !== 'removed')
}
