import type { ClassBookView, SheetItemKind } from '@/api/types'

/** Who writes what on a class sheet. The server decides; this only chooses what to offer, and says why not. */
export type Author = Pick<ClassBookView, 'subjects' | 'mine' | 'writesAll'>

export const itemKinds = ['homework', 'notices', 'bring', 'fees'] as const satisfies readonly SheetItemKind[]

/** Why somebody may not write this: fee notices are the class teacher's, all else belongs to a subject. Null where they may. */
export function whyNot(author: Author, kind: SheetItemKind, subject: string | null): 'fees' | 'subject' | 'class' | null {
  if (author.writesAll) return null
  if (kind === 'fees') return 'fees'
  if (subject === null) return 'class'
  return author.mine.includes(subject) ? null : 'subject'
}

/** The kinds that somebody is offered. */
export function kindsOf(author: Author): SheetItemKind[] {
  return itemKinds.filter((kind) => author.writesAll || (kind !== 'fees' && author.mine.length > 0))
}

/** The subjects that somebody is offered, their own first. */
export function subjectsOf(author: Author): string[] {
  return author.writesAll ? [...author.mine, ...author.subjects.filter((one) => !author.mine.includes(one))] : [...author.mine]
}

/** Whether an item of this kind can do without a subject when this person writes it. */
export function mayLackSubject(author: Author, kind: SheetItemKind): boolean {
  return author.writesAll && kind !== 'homework'
}
