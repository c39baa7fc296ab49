/** Days are `2026-11-23`, in the school's time zone; they are counted in UTC so that no device's zone moves them. */
export type Day = string

const dayLength = 86_400_000

function utc(day: Day): Date {
  return new Date(`${day}T00:00:00Z`)
}

export function isDay(text: unknown): text is Day {
  return typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text).getTime())
}

export function addDays(day: Day, days: number): Day {
  return new Date(utc(day).getTime() + days * dayLength).toISOString().slice(0, 10)
}

/** As people say it: "今天", "昨天", "11月20日 周五"; with the year where it is another one. */
export function sayDay(day: Day, today: Day, language: string): string {
  const distance = Math.round((utc(day).getTime() - utc(today).getTime()) / dayLength)
  if (Math.abs(distance) <= 1) {
    const word = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(distance, 'day')
    return word.charAt(0).toLocaleUpperCase(language) + word.slice(1)
  }
  return sayDate(day, language, day.slice(0, 4) !== today.slice(0, 4))
}

/** "11月20日 周五". */
export function sayDate(day: Day, language: string, withYear = false): string {
  const isChinese = language.startsWith('zh')
  const date = formatter(language, { month: isChinese ? 'long' : 'short', day: 'numeric', weekday: 'short', ...(withYear ? { year: 'numeric' } : {}) })
  if (!isChinese) return date.format(utc(day))
  return date
    .formatToParts(utc(day))
    .map((part) => (part.type === 'weekday' ? ` ${part.value}` : part.value))
    .join('')
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Making one takes a cheap phone as long as showing a card, so each is made once. */
function formatter(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([language, options])
  let known = formatters.get(key)
  if (!known) formatters.set(key, (known = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })))
  return known
}
