import type { SchoolView } from '@/api/types'

/** A school as its administrators edit it: all of it is saved at once, because a term, its holidays and its make-up days only make sense together. */
export interface SchoolDraft {
  name: string
  timeZone: string
  terms: { name: string; first: string; last: string; schoolYear: number }[]
  holidays: { name: string; first: string; last: string }[]
  makeUpDays: { day: string; name: string }[]
  lastGrade: number
  studentAccounts: boolean
  slipDays: number
}

/** The fields that the screen shows, as the server names them. */
export const fieldsOf = ['name', 'timeZone', 'terms', 'holidays', 'makeUpDays', 'lastGrade', 'studentAccounts', 'slipDays'] as const

export function draftOf(view: SchoolView): SchoolDraft {
  return {
    name: view.name,
    timeZone: view.timeZone,
    // The latest first; what is edited keeps its place until it is saved.
    terms: latestFirst(view.terms, (term) => term.first).map((term) => ({ name: term.name, first: term.first, last: term.last, schoolYear: term.schoolYear })),
    holidays: latestFirst(view.holidays, (one) => one.first).map((one) => ({ name: one.name, first: one.first, last: one.last })),
    makeUpDays: latestFirst(view.makeUpDays, (one) => one.day).map((one) => ({ day: one.day, name: one.name })),
    lastGrade: view.lastGrade,
    studentAccounts: view.studentAccounts,
    slipDays: view.slipDays,
  }
}

function latestFirst<T>(list: readonly T[], dayOf: (one: T) => string): T[] {
  return [...list].sort((a, b) => (dayOf(a) < dayOf(b) ? 1 : -1))
}
