import type { ChildDayView, ClassDayView } from '@/api/types'

/** Whose entry a child's page lacks today, and what of it was not seen. */
export const lacks = ['teacher', 'family', 'student-signature', 'guardian-signature', 'teacher-signature', 'unseen'] as const
export type Lack = (typeof lacks)[number]
export type Filter = 'all' | Lack

type Day = Pick<ClassDayView, 'children' | 'sheetVersion' | 'studentsSign'>

/** A teacher has made an entry with a mark or a sentence. */
export function hasTeachersEntry(child: Pick<ChildDayView, 'marks' | 'filled'>): boolean {
  return child.marks.length > 0 || child.filled.includes('school-day')
}

/** The family's daily entry is what the child did at home; their words are the family's when there is something to say. */
export function hasFamilysEntry(child: Pick<ChildDayView, 'filled'>): boolean {
  return child.filled.includes('study-at-home')
}

export function isSignedBy(child: Pick<ChildDayView, 'signed'>, writer: 'teacher' | 'guardian' | 'student'): boolean {
  return child.signed.some((one) => one.for === writer)
}

/** What a page lacks. Where the school gives students no accounts, nobody waits for theirs. */
export function lacksOf(child: ChildDayView, day: Day): Set<Lack> {
  const found = new Set<Lack>()
  if (!hasTeachersEntry(child)) found.add('teacher')
  if (!hasFamilysEntry(child)) found.add('family')
  if (day.studentsSign && !isSignedBy(child, 'student')) found.add('student-signature')
  if (!isSignedBy(child, 'guardian')) found.add('guardian-signature')
  if (!isSignedBy(child, 'teacher')) found.add('teacher-signature')
  // Something was changed after they signed, and nobody of the family has signed again.
  if (child.signed.some((one) => one.for === 'guardian' && one.sheet < day.sheetVersion)) found.add('unseen')
  return found
}

export function filtersOf(day: Day): Filter[] {
  return ['all', ...lacks.filter((lack) => lack !== 'student-signature' || day.studentsSign)]
}

export function childrenOf(day: Day, filter: Filter): ChildDayView[] {
  return filter === 'all' ? [...day.children] : day.children.filter((child) => lacksOf(child, day).has(filter))
}

export function countsOf(day: Day): Record<Filter, number> {
  const counts: Record<Filter, number> = { all: day.children.length, teacher: 0, family: 0, 'student-signature': 0, 'guardian-signature': 0, 'teacher-signature': 0, unseen: 0 }
  for (const child of day.children) for (const lack of lacksOf(child, day)) counts[lack]++
  return counts
}

/** Whom a class teacher can sign for now: their own part is filled in, and is not signed yet. */
export function toSign(children: readonly ChildDayView[]): ChildDayView[] {
  return children.filter((child) => hasTeachersEntry(child) && !isSignedBy(child, 'teacher'))
}
