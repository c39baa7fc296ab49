import { describe, expect, it } from 'vitest'
import { rangeOf, termRange, weekRange } from './printRange'

const term = { first: '2026-09-01', last: '2027-01-29' }

describe('what is printed', () => {
  it('is the week of the day that was open, else of today', () => {
    expect(rangeOf({ day: '2026-11-18' }, '2026-11-24', term)).toEqual({ from: '2026-11-16', to: '2026-11-22', kind: 'week' })
    expect(rangeOf({}, '2026-11-24', term)).toEqual(weekRange('2026-11-24'))
    expect(rangeOf({ from: 'nonsense', to: '2026-11-24' }, '2026-11-24', term).kind).toBe('week')
    expect(rangeOf({ from: '2026-11-25', to: '2026-11-24' }, '2026-11-24', term).kind).toBe('week')
  })

  it('is recognised when it is asked for by its days', () => {
    expect(rangeOf({ from: '2026-11-16', to: '2026-11-22' }, '2026-11-24', term).kind).toBe('week')
    expect(rangeOf({ from: '2026-09-01', to: '2026-11-24' }, '2026-11-24', term).kind).toBe('term')
    expect(rangeOf({ from: '2026-09-01', to: '2026-09-30' }, '2026-11-24', term).kind).toBe('days')
  })

  it('ends today while the term goes on, and with the term after it', () => {
    expect(termRange(term, '2026-11-24').to).toBe('2026-11-24')
    expect(termRange(term, '2027-02-10').to).toBe('2027-01-29')
  })
})
