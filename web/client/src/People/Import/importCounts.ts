import type { ImportStatus } from '@/api/types'

type Counts = ImportStatus['counts']

/** The changes that can be looked at one by one, in the order in which one wants to see them: what takes something away first. */
export const changeKinds = ['removed', 'moved', 'added', 'changed', 'staffRemoved', 'staffAdded', 'staffChanged'] as const
export type ChangeKind = (typeof changeKinds)[number]

/** Which kinds there is anything to look at of, with how many people. */
export function kindsToShow(counts: Counts): { kind: ChangeKind; count: number }[] {
  return changeKinds.map((kind) => ({ kind, count: counts[kind] })).filter((one) => one.count > 0)
}

/** The sentences that sum a dry run up; each names its text and its number. Nothing is said of what does not happen, but that people stay as they are. */
export function sentencesOf(counts: Counts): { key: string; n: number }[] {
  const some = (key: string, n: number): { key: string; n: number }[] => (n > 0 ? [{ key, n }] : [])
  return [
    ...some('classes', counts.classes),
    ...some('added', counts.added),
    ...some('moved', counts.moved),
    ...some('changed', counts.changed),
    ...some('removed', counts.removed),
    ...some('unchanged', counts.unchanged),
    ...some('staffAdded', counts.staffAdded),
    ...some('staffChanged', counts.staffChanged),
    ...some('staffRemoved', counts.staffRemoved),
    ...some('staffUnchanged', counts.staffUnchanged),
  ]
}

/** Whether the number of leavers that was typed is the right one; digits in full width are digits too. */
export function typedRightly(typed: string, removed: number): boolean {
  return typed.normalize('NFKC').trim() === String(removed)
}

/** Problems as lines to paste into a spreadsheet or a message. */
export function asLines(header: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  return [header, ...rows].map((row) => row.map((cell) => String(cell ?? '').replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n')
}

/** How much of a file may be sent, in bytes: the server's own bound, told before the sending. */
export const mostBytes = 20 * 1024 * 1024

const endings = ['.xlsx', '.csv', '.zip']
export function isRosterName(name: string): boolean {
  return endings.some((ending) => name.toLowerCase().endsWith(ending))
}
