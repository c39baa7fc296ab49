import type { FamiliesView } from '@/api/types'

type Student = FamiliesView['students'][number]
type Guardian = Student['guardians'][number]

/** One guardian of one child: for whom a slip is made. */
export interface SlipFor {
  student: string
  entry: string
}

/** A family is in when one of the child's guardians is. */
export function isFamilyIn(student: Student): boolean {
  return student.guardians.some((guardian) => guardian.state === 'in')
}

/** Whether somebody waits for a slip, or has one that they have not used. */
export function mayJoin(guardian: Guardian): boolean {
  return guardian.state !== 'in' && guardian.state !== 'restricted' && guardian.state !== 'ended'
}

/** Everybody who is not in and can have a slip; `onlyWithout` leaves out those whose slip is still good. */
export function notIn(students: readonly Student[], onlyWithout = false): SlipFor[] {
  return students.flatMap((student) =>
    student.guardians
      .filter((guardian) => mayJoin(guardian) && !(onlyWithout && guardian.state === 'issued'))
      .map((guardian) => ({ student: student.student, entry: guardian.entry })),
  )
}

/** Whose state is another than before: what a live change shows. Somebody who was not there before has not changed. */
export function changedStates(before: readonly Student[], after: readonly Student[]): Set<string> {
  const states = new Map(before.flatMap((student) => student.guardians.map((guardian) => [`${student.student}/${guardian.entry}`, guardian.state] as const)))
  const changed = after.flatMap((student) =>
    student.guardians
      .filter((guardian) => (states.get(`${student.student}/${guardian.entry}`) ?? guardian.state) !== guardian.state)
      .map((guardian) => `${student.student}/${guardian.entry}`),
  )
  return new Set(changed)
}

/** Slips by the sheet of A4 that they are on. */
export function inPages<T>(slips: readonly T[], perPage = 4): T[][] {
  const pages: T[][] = []
  for (let at = 0; at < slips.length; at += perPage) pages.push(slips.slice(at, at + perPage))
  return pages
}
