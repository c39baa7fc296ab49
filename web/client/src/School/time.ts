/** An instant as people here say it, in the school's time zone where one is given: "11月24日 19:20", with the year where it is another one. */
export function sayTime(instant: string, language: string, timeZone?: string, now = new Date()): string {
  const date = new Date(instant)
  const year = (when: Date): string => new Intl.DateTimeFormat('en', { year: 'numeric', timeZone }).format(when)
  return new Intl.DateTimeFormat(language, {
    ...(year(date) === year(now) ? {} : { year: 'numeric' }),
    month: language.startsWith('zh') ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).format(date)
}
