import { expect, test } from 'vitest'
import { addDays, isDay, sayDate, sayDay, sayWeekday } from './dates'

test('days near today are said as people say them', () => {
  expect(sayDay('2026-11-24', '2026-11-24', 'zh-CN')).toBe('今天')
  expect(sayDay('2026-11-23', '2026-11-24', 'zh-CN')).toBe('昨天')
  expect(sayDay('2026-11-25', '2026-11-24', 'zh-CN')).toBe('明天')
  expect(sayDay('2026-11-23', '2026-11-24', 'en')).toBe('Yesterday')
})

test('other days are said with their weekday, and with the year when it is another one', () => {
  expect(sayDay('2026-11-20', '2026-11-24', 'zh-CN')).toBe('11月20日 周五')
  expect(sayDay('2025-11-20', '2026-11-24', 'zh-CN')).toBe('2025年11月20日 周四')
  expect(sayDate('2026-11-20', 'en')).toBe('Fri, Nov 20')
})

test.each(['zh-CN', 'en'])('each day of two years is said in %s as Intl says it', (language) => {
  const isChinese = language === 'zh-CN'
  const options = { month: isChinese ? 'long' : 'short', day: 'numeric', weekday: 'short', timeZone: 'UTC' } as const
  const intl = [new Intl.DateTimeFormat(language, options), new Intl.DateTimeFormat(language, { ...options, year: 'numeric' })]
  const weekday = new Intl.DateTimeFormat(language, { weekday: isChinese ? 'narrow' : 'short', timeZone: 'UTC' })
  for (let day = '2027-01-01'; day < '2029-01-01'; day = addDays(day, 1)) {
    const date = new Date(`${day}T00:00:00Z`)
    const [plain, withYear] = intl.map((format) => format.formatToParts(date).map((part) => (isChinese && part.type === 'weekday' ? ` ${part.value}` : part.value)).join(''))
    expect(sayDate(day, language)).toBe(plain)
    expect(sayDate(day, language, true)).toBe(withYear)
    expect(sayWeekday(day, language)).toBe(weekday.format(date))
  }
})

test('days are counted over the ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
})

test('what is no day is not taken for one', () => {
  expect(isDay('2026-02-30x')).toBe(false)
  expect(isDay('today')).toBe(false)
  expect(isDay('2026-11-24')).toBe(true)
})
