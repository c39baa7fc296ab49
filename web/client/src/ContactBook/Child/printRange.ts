import { isDay, type Day } from '@/app/dates'
import { weekOf } from './month'

/** Which days of a book are printed. */
export interface PrintRange {
  from: Day
  to: Day
  kind: 'week' | 'term' | 'days'
}

interface Term {
  first: Day
  last: Day
}

/** What the address asks for: some days, else the week of a day. A term ends today, for its other days are empty. */
export function rangeOf(query: Record<string, unknown>, today: Day, term: Term | undefined): PrintRange {
  const { from, to } = query
  if (!isDay(from) || !isDay(to) || to < from) return weekRange(isDay(query.day) ? query.day : today)
  const week = weekOf(from)
  if (from === week[0] && to === week[6]) return { from, to, kind: 'week' }
  const whole = term && termRange(term, today)
  return { from, to, kind: whole?.from === from && whole.to === to ? 'term' : 'days' }
}

export function weekRange(day: Day): PrintRange {
  const week = weekOf(day)
  return { from: week[0] ?? day, to: week[6] ?? day, kind: 'week' }
}

export function termRange(term: Term, today: Day): PrintRange {
  return { from: term.first, to: today < term.first || today > term.last ? term.last : today, kind: 'term' }
}
