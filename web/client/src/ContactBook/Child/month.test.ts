import { describe, expect, it } from 'vitest'
import type { BookPageView } from '@/api/types'
import { addMonths, dayBeside, isMonth, stateNow, weekOf, weeksOf } from './month'

describe('weeks and months', () => {
  it('run from Monday to Sunday', () => {
    expect(weekOf('2026-11-24')).toEqual(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'])
    expect(weekOf('2026-11-29')[0]).toBe('2026-11-23')
    expect(weekOf('2027-01-01')[0]).toBe('2026-12-28')
  })

  it('have every day of a month once, in its place', () => {
    for (const month of ['2026-02', '2026-11', '2024-02', '2027-08']) {
      const weeks = weeksOf(month)
      const days = weeks.flat().filter((day) => day !== null)
      expect(days[0]).toBe(`${month}-01`)
      expect(new Set(days).size).toBe(days.length)
      expect(days.at(-1)?.slice(0, 7)).toBe(month)
      expect(weeks.every((week) => week.length === 7)).toBe(true)
      expect(days.length).toBe(new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate())
    }
  })

  it('follow each other over the years', () => {
    expect(addMonths('2026-12', 1)).toBe('2027-01')
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect([isMonth('2026-11'), isMonth('2026-13'), isMonth('search')]).toEqual([true, false, false])
  })

  it('are walked through with the keys of a grid', () => {
    expect(dayBeside('2026-11-30', 'ArrowRight')).toBe('2026-12-01')
    expect(dayBeside('2026-11-24', 'ArrowUp')).toBe('2026-11-17')
    expect(dayBeside('2026-11-24', 'Home')).toBe('2026-11-23')
    expect(dayBeside('2026-11-24', 'End')).toBe('2026-11-29')
    expect(dayBeside('2026-11-24', 'a')).toBeNull()
  })
})

describe('a day in the week of its open page', () => {
  const by = { id: 'm', name: '李丽', role: 'guardian' as const, relation: null }
  const signature = (group: 'guardian' | 'teacher' | 'student', withdrawn = false): BookPageView['signatures'][number] => ({
    id: group,
    for: group,
    by,
    at: '2026-11-23T11:00:00Z',
    seen: { sections: {}, entries: 0, sheet: 0 },
    withdrawn: withdrawn ? { at: '2026-11-23T12:00:00Z', reason: '看错了' } : null,
  })
  const page = (changes: Partial<BookPageView>): BookPageView =>
    ({ sections: [{ section: 'words', text: '', version: 0, writers: [], edited: null }], marks: [], addenda: [], signatures: [], ...changes }) as unknown as BookPageView

  it('is filled once something is written, and signed once guardian and class teacher have signed', () => {
    expect(stateNow('missing', page({}), false)).toBe('missing')
    expect(stateNow('missing', page({ sections: [{ section: 'words', text: '您好', version: 1, writers: [], edited: null }] }), false)).toBe('filled')
    expect(stateNow('missing', page({ signatures: [signature('guardian')] }), false)).toBe('filled')
    expect(stateNow('filled', page({ signatures: [signature('guardian'), signature('teacher')] }), false)).toBe('signed')
    expect(stateNow('filled', page({ signatures: [signature('guardian'), signature('teacher')] }), true)).toBe('filled')
    expect(stateNow('signed', page({ signatures: [signature('guardian', true), signature('teacher')] }), false)).toBe('filled')
    expect(stateNow('none', page({}), false)).toBe('none')
    expect(stateNow('signed', null, false)).toBe('signed')
  })
})
