import { expect, test } from 'vitest'
import { markOf, monthsOf, schoolYearOf, schoolYears, teachingDays, weekdayOf, type SchoolDays } from './calendar'

const days: SchoolDays = {
  terms: [
    { name: '第一学期', first: '2026-09-01', last: '2027-01-22', schoolYear: 2026 },
    { name: '第二学期', first: '2027-02-22', last: '2027-07-02', schoolYear: 2026 },
  ],
  holidays: [{ name: '国庆节', first: '2026-10-01', last: '2026-10-07' }],
  makeUpDays: [
    { day: '2026-10-10', name: '补10月6日的课' },
    { day: '2026-08-29', name: '学期之外' },
  ],
}

test('a weekday of a term has school, a weekend and a day outside the terms have none', () => {
  expect(markOf('2026-09-01', days).kind).toBe('teaching')
  expect(markOf('2026-09-05', days).kind).toBe('weekend')
  expect(markOf('2027-02-01', days).kind).toBe('outside')
})

test('a holiday carries its name, on its first and its last day', () => {
  expect(markOf('2026-10-01', days)).toEqual({ day: '2026-10-01', kind: 'holiday', name: '国庆节' })
  expect(markOf('2026-10-07', days).kind).toBe('holiday')
  expect(markOf('2026-10-08', days).kind).toBe('teaching')
})

test('a make-up day has school although it is a Saturday, but only within a term', () => {
  expect(markOf('2026-10-10', days)).toEqual({ day: '2026-10-10', kind: 'make-up', name: '补10月6日的课' })
  expect(markOf('2026-08-29', days).kind).toBe('outside')
})

test('days of school are counted with both ends', () => {
  expect(teachingDays('2026-10-01', '2026-10-10', days)).toBe(3)
  expect(teachingDays('2026-09-01', '2026-09-01', days)).toBe(1)
  expect(teachingDays('2026-09-02', '2026-09-01', days)).toBe(0)
})

test('weeks begin on Monday and a month has all its days once', () => {
  expect(weekdayOf('2026-11-23')).toBe(0)
  const months = monthsOf(2026, days)
  expect(months.map((month) => month.month.slice(0, 7))).toEqual([
    '2026-09', '2026-10', '2026-11', '2026-12', '2027-01', '2027-02', '2027-03', '2027-04', '2027-05', '2027-06', '2027-07',
  ])
  const october = months[1]
  expect(october?.weeks.every((week) => week.length === 7)).toBe(true)
  expect(october?.weeks.flat().filter((cell) => cell !== null)).toHaveLength(31)
  expect(october?.weeks[0]?.[3]?.day).toBe('2026-10-01')
})

test('the school year of a day is that of its term, else it begins in August', () => {
  expect(schoolYearOf('2027-03-01', days)).toBe(2026)
  expect(schoolYearOf('2027-08-01', days)).toBe(2027)
  expect(schoolYearOf('2027-07-31', days)).toBe(2026)
  expect(schoolYears(days)).toEqual([2026])
})

test('a term that ends before it begins draws no months', () => {
  expect(monthsOf(2026, { ...days, terms: [{ name: '', first: '2026-09-01', last: '2026-08-01', schoolYear: 2026 }] })).toEqual([])
})
