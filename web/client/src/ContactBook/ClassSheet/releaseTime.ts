import type { Day } from '@/app/dates'

/** When families see what is written: at once, at the class's usual time, or at a time of its own. */
export type When = 'now' | 'usual' | 'other'

/** The instant of a wall clock in a school's time zone. In the hour that a clock is put forward over, the one before it. */
export function instantOf(date: Day, time: string, timeZone: string): Date {
  const wall = Date.parse(`${date}T${time.slice(0, 5)}:00Z`)
  // The zone's offset depends on the instant that is looked for: a second look settles it around changes of the clock.
  const first = wall - offsetAt(wall, timeZone)
  return new Date(wall - offsetAt(first, timeZone))
}

/** The wall clock in a school's time zone: `["2026-11-24", "16:00"]`. */
export function wallOf(instant: Date, timeZone: string): [Day, string] {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  )
  return [`${parts.year}-${parts.month}-${parts.day}`, `${parts.hour}:${parts.minute}`]
}

function offsetAt(instant: number, timeZone: string): number {
  const [date, time] = wallOf(new Date(instant), timeZone)
  return Date.parse(`${date}T${time}:00Z`) - Math.floor(instant / 60_000) * 60_000
}

/** The school schedules at most so far ahead (`SheetLimits.LongestAhead`). */
const longestAhead = 30 * 86_400_000

/**
 * What is offered: a time that has passed is not, nor one that is too far ahead. What lies in the past can only be added at once. A draft has one time: where it has one already, that is the usual one, and another is chosen for the draft, not for a line.
 */
export function offered(date: Day, usual: string, today: Day, now: Date, timeZone: string, waitsUntil: Date | null = null): When[] {
  if (waitsUntil && waitsUntil > now) return ['now', 'usual']
  if (date < today) return ['now']
  const at = instantOf(date, usual, timeZone)
  return at > now && at.getTime() <= now.getTime() + longestAhead ? ['now', 'usual', 'other'] : ['now', 'other']
}
