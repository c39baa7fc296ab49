import { addDays, type Day } from '@/app/dates'

/** The days of a school, as its administrators enter them. */
export interface SchoolDays {
  terms: readonly { name: string; first: Day; last: Day; schoolYear: number }[]
  holidays: readonly { name: string; first: Day; last: Day }[]
  makeUpDays: readonly { day: Day; name: string }[]
}

/** What a day is at a school. */
export type DayKind = 'teaching' | 'make-up' | 'holiday' | 'weekend' | 'outside'

export interface MarkedDay {
  day: Day
  kind: DayKind
  /** What the holiday is called, or what the make-up day makes up for; empty where there is nothing to say. */
  name: string
}

/** A month as it hangs on the wall: weeks from Monday, with gaps before the first and after the last day. */
export interface MarkedMonth {
  /** Its first day. */
  month: Day
  weeks: (MarkedDay | null)[][]
  teachingDays: number
}

/** Monday is 0. */
export function weekdayOf(day: Day): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
}

/** The same rule as the server's: a make-up day, or a weekday of a term that is no holiday. */
export function markOf(day: Day, days: SchoolDays): MarkedDay {
  const inTerm = days.terms.some((term) => term.first <= day && day <= term.last)
  const makeUp = days.makeUpDays.find((one) => one.day === day)
  const holiday = days.holidays.find((one) => one.first <= day && day <= one.last)
  if (inTerm && makeUp) return { day, kind: 'make-up', name: makeUp.name }
  if (holiday) return { day, kind: 'holiday', name: holiday.name }
  if (!inTerm) return { day, kind: 'outside', name: '' }
  return { day, kind: weekdayOf(day) >= 5 ? 'weekend' : 'teaching', name: '' }
}

export function hasSchool(kind: DayKind): boolean {
  return kind === 'teaching' || kind === 'make-up'
}

/** How many days of school there are from one day to another, both of them counted. */
export function teachingDays(first: Day, last: Day, days: SchoolDays): number {
  let count = 0
  for (let day = first; day <= last; day = addDays(day, 1)) {
    if (hasSchool(markOf(day, days).kind)) count++
  }
  return count
}

/** The school years that terms were entered for, the latest first. */
export function schoolYears(days: SchoolDays): number[] {
  return [...new Set(days.terms.map((term) => term.schoolYear))].sort((a, b) => b - a)
}

/** The school year of a day: that of its term, else by the first of August. */
export function schoolYearOf(day: Day, days: SchoolDays): number {
  const term = days.terms.find((one) => one.first <= day && day <= one.last)
  const year = Number(day.slice(0, 4))
  return term?.schoolYear ?? (Number(day.slice(5, 7)) >= 8 ? year : year - 1)
}

/** The months of one school year, from that of its first day of school to that of its last. */
export function monthsOf(schoolYear: number, days: SchoolDays): MarkedMonth[] {
  const terms = days.terms.filter((term) => term.schoolYear === schoolYear && term.first <= term.last)
  if (terms.length === 0) return []
  const first = terms.map((term) => term.first).reduce((a, b) => (a < b ? a : b))
  const last = terms.map((term) => term.last).reduce((a, b) => (a > b ? a : b))
  const months: MarkedMonth[] = []
  // A slip of the hand in a year must not draw hundreds of months.
  for (let month = `${first.slice(0, 7)}-01`; month <= last && months.length < 18; month = nextMonth(month)) months.push(monthOf(month, days))
  return months
}

function monthOf(month: Day, days: SchoolDays): MarkedMonth {
  const cells: (MarkedDay | null)[] = Array.from({ length: weekdayOf(month) }, () => null)
  const end = nextMonth(month)
  for (let day = month; day < end; day = addDays(day, 1)) cells.push(markOf(day, days))
  while (cells.length % 7 !== 0) cells.push(null)
  const weeks = Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
  return { month, weeks, teachingDays: cells.filter((cell) => cell && hasSchool(cell.kind)).length }
}

function nextMonth(month: Day): Day {
  // The 28th and four days more are always in the next month.
  return `${addDays(`${month.slice(0, 7)}-28`, 4).slice(0, 7)}-01`
}
