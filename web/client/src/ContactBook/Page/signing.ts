import type { Addendum, BookPageView, ClassSheetView, QuickMark, SheetItemView, Signature } from '@/api/types'
import { newsOf, type ItemNews } from '../Sheet/sheetItems'

/** Rules S1 and S2 as a reader of the page applies them. The server decides; this only chooses what to show. */

/** Those who write in a section, and sign for it. */
export type Group = Signature['for']
export type SeenVersions = Signature['seen']

/** Whose signature closes a section for everybody (`BookSections` of the contract). */
const sealedBy: Readonly<Record<string, Group>> = {
  'school-day': 'teacher',
  results: 'teacher',
  fees: 'teacher',
  'study-at-home': 'guardian',
  words: 'guardian',
  answer: 'teacher',
}

/** The signature that counts for a group: its newest that was not withdrawn. */
export function standing(page: BookPageView, group: Group): Signature | undefined {
  return page.signatures.findLast((one) => one.for === group && !one.withdrawn)
}

/** The newest signature of one person that was not withdrawn. */
export function standingOf(page: BookPageView, account: string): Signature | undefined {
  return page.signatures.findLast((one) => one.by.id === account && !one.withdrawn)
}

/** Whether a section has been closed for all of these groups that write in it. */
export function isSealedFor(page: BookPageView, section: { section: string; writers: readonly string[] }, kinds: ReadonlySet<string>): boolean {
  const by = sealedBy[section.section]
  if (by && standing(page, by)) return true
  const mine = section.writers.filter((writer) => kinds.has(writer))
  return mine.length > 0 && mine.every((writer) => standing(page, writer as Group))
}

/** What somebody who signs now has before them (S1). */
export function seenOf(page: BookPageView, sheet: ClassSheetView): SeenVersions {
  return {
    sections: Object.fromEntries(page.sections.filter((one) => one.version > 0).map((one) => [one.section, one.version])),
    entries: page.entries,
    sheet: sheet.version,
  }
}

/** What is newer on a page and its class sheet than what somebody saw. */
export interface Newer {
  sections: string[]
  /** Marks or addenda. */
  entries: boolean
  sheet: boolean
}

export function newerThan(seen: SeenVersions, page: BookPageView, sheet: ClassSheetView): Newer {
  return {
    sections: page.sections.filter((one) => one.version > (seen.sections[one.section] ?? 0)).map((one) => one.section),
    entries: page.entries > seen.entries,
    sheet: sheet.version > seen.sheet,
  }
}

export function isSomethingNewer(newer: Newer): boolean {
  return newer.sections.length > 0 || newer.entries || newer.sheet
}

/** What there was at the moment of signing, as far as this tab remembers it: the difference is then told to the letter. */
export interface Snapshot {
  texts: Readonly<Record<string, string>>
  marks: readonly QuickMark[]
  addenda: readonly Addendum[]
}

export function snapshotOf(page: BookPageView): Snapshot {
  return { texts: Object.fromEntries(page.sections.map((one) => [one.section, one.text])), marks: page.marks, addenda: page.addenda }
}

/** Marks and addenda that came after somebody looked: by what was there then, else by when they signed; without either all of them. */
export function entriesSince(page: BookPageView, then: { snapshot?: Snapshot; at?: string }): { marks: QuickMark[]; addenda: Addendum[] } {
  const { snapshot, at } = then
  if (snapshot) {
    return {
      marks: page.marks.filter((one) => !snapshot.marks.some((old) => old.mark === one.mark && old.level === one.level)),
      addenda: page.addenda.filter((one) => !snapshot.addenda.some((old) => old.id === one.id)),
    }
  }
  const isNewer = (one: { at: string }): boolean => at === undefined || Date.parse(one.at) > Date.parse(at)
  return { marks: page.marks.filter(isNewer), addenda: page.addenda.filter(isNewer) }
}

/** The items of the class sheet that are newer than what somebody saw, with what happened to them. */
export function itemsSince(sheet: ClassSheetView, seen: number): { item: SheetItemView; news: ItemNews }[] {
  return sheet.items.flatMap((item) => {
    const news = newsOf(item, seen)
    return news ? [{ item, news }] : []
  })
}

/** The text of a section at a version, as its revisions tell it (the newest first); empty for version 0. Null where that is told by none of them. */
export function textAt(revisions: readonly { firstVersion: number; lastVersion: number; before: string; after: string }[], version: number): string | null {
  if (version === 0) return ''
  const exact = revisions.find((one) => one.lastVersion === version)
  if (exact) return exact.after
  // Within one writer's going: what stood before it is the last that is told for sure.
  return revisions.find((one) => one.firstVersion <= version && version < one.lastVersion)?.before ?? null
}

/** A signature that waits its ten seconds (S3): whole seconds that are left, 0 when it is on its way. */
export function secondsLeft(notBefore: number, now: number): number {
  return Math.max(0, Math.ceil((notBefore - now) / 1_000))
}

/** For undo (S3). */
export const signatureWait = 10_000
