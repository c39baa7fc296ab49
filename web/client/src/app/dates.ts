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
  const near = namesIn(language).near[distance + 1]
  return near ?? sayDate(day, language, day.slice(0, 4) !== today.slice(0, 4))
}

/** "11月20日 周五". */
export function sayDate(day: Day, language: string, withYear = false): string {
  const date = utc(day)
  const names = namesIn(language)
  return names.say(names.weekdays[date.getUTCDay()] ?? '', date.getUTCMonth(), date.getUTCDate(), withYear ? date.getUTCFullYear() : null)
}

/** The day of the week over a column: "五", "Fri". */
export function sayWeekday(day: Day, language: string): string {
  const name = namesIn(language).weekdays[utc(day).getUTCDay()] ?? ''
  return isChinese(language) ? name.slice(1) : name
}

interface Names {
  /** Of yesterday, today and tomorrow. */
  near: readonly string[]
  /** From Sunday on. */
  weekdays: readonly string[]
  say(weekday: string, month: number, day: number, year: number | null): string
}

/**
 * The days of a first page are said without `Intl`: what it loads before its first date takes a cheap phone 0.1 s. A test holds these words to those of `Intl`.
 */
const chinese: Names = {
  near: ['昨天', '今天', '明天'],
  weekdays: [...'日一二三四五六'].map((name) => `周${name}`),
  say: (weekday, month, day, year) => `${year === null ? '' : `${year}年`}${month + 1}月${day}日 ${weekday}`,
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const english: Names = {
  near: ['Yesterday', 'Today', 'Tomorrow'],
  weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  say: (weekday, month, day, year) => `${weekday}, ${months[month]} ${day}${year === null ? '' : `, ${year}`}`,
}

function isChinese(language: string): boolean {
  return language.startsWith('zh')
}

function namesIn(language: string): Names {
  return isChinese(language) ? chinese : english
}
