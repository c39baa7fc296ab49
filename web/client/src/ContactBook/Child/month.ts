import type { BookMonthDay, BookPageView } from '@/api/types'
import { addDays, type Day } from '@/app/dates'

/** Days of weeks and months, and how far a child's book is on them, as rules without a screen. */

export type DayState = BookMonthDay['state']

/** 1 is Monday, 7 is Sunday. */
export function weekday(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}

/** The week of a day, from Monday to Sunday. */
export function weekOf(day: Day): Day[] {
  const monday = addDays(day, 1 - weekday(day))
  return Array.from({ length: 7 }, (_, index) => addDays(monday, index))
}

export function monthOf(day: Day): string {
  return day.slice(0, 7)
}

export function isMonth(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(text)
}

export function addMonths(month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

/** The weeks that a month touches, each from Monday to Sunday; null for days of other months. */
export function weeksOf(month: string): (Day | null)[][] {
  const first = `${month}-01`
  const weeks: (Day | null)[][] = []
  for (let monday = addDays(first, 1 - weekday(first)); monday < addDays(`${addMonths(month, 1)}-01`, 0); monday = addDays(monday, 7)) {
    weeks.push(weekOf(monday).map((day) => (monthOf(day) === month ? day : null)))
  }
  return weeks
}

/** Where an arrow key leads in a grid of days; null where it leads nowhere. */
export function dayBeside(day: Day, key: string): Day | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1)
    case 'ArrowRight':
      return addDays(day, 1)
    case 'ArrowUp':
      return addDays(day, -7)
    case 'ArrowDown':
      return addDays(day, 7)
    case 'Home':
      return addDays(day, 1 - weekday(day))
    case 'End':
      return addDays(day, 7 - weekday(day))
    default:
      return null
  }
}

/** How far the day of an open page is now, while the month was read a while ago. */
export function stateNow(read: DayState, page: BookPageView | null, studentsSign: boolean): DayState {
  if (!page) return read
  const signed = new Set(page.signatures.filter((one) => !one.withdrawn).map((one) => one.for))
  if (signed.has('guardian') && signed.has('teacher') && (!studentsSign || signed.has('student'))) return 'signed'
  const written = page.marks.length > 0 || page.addenda.length > 0 || page.sections.some((one) => one.text.trim() !== '')
  if (written || signed.size > 0) return 'filled'
  return read === 'signed' || read === 'filled' ? 'missing' : read
}
