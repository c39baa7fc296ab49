import { describe, expect, it } from 'vitest'
import { instantOf, offered, wallOf } from './releaseTime'

describe('when a sheet is released', () => {
  it('takes a time for the school\'s wall clock', () => {
    expect(instantOf('2026-11-24', '16:00:00', 'Asia/Shanghai').toISOString()).toBe('2026-11-24T08:00:00.000Z')
    expect(instantOf('2026-07-01', '16:00', 'Europe/Berlin').toISOString()).toBe('2026-07-01T14:00:00.000Z')
    expect(instantOf('2026-12-01', '00:30', 'America/Los_Angeles').toISOString()).toBe('2026-12-01T08:30:00.000Z')
  })

  it('finds the same wall clock again, also beside a change of the clock', () => {
    for (const [date, time] of [['2026-03-29', '01:30'], ['2026-03-29', '03:30'], ['2026-10-25', '04:00']] as const) {
      expect(wallOf(instantOf(date, time, 'Europe/Berlin'), 'Europe/Berlin')).toEqual([date, time])
    }
  })

  it('offers the usual time until it has passed, and only "now" for days that are over', () => {
    const at = (hour: string): Date => new Date(`2026-11-24T${hour}:00+08:00`)
    expect(offered('2026-11-24', '16:00', '2026-11-24', at('15:59'), 'Asia/Shanghai')).toEqual(['now', 'usual', 'other'])
    expect(offered('2026-11-24', '16:00', '2026-11-24', at('16:00'), 'Asia/Shanghai')).toEqual(['now', 'other'])
    expect(offered('2026-11-25', '16:00', '2026-11-24', at('20:00'), 'Asia/Shanghai')).toEqual(['now', 'usual', 'other'])
    expect(offered('2026-11-23', '16:00', '2026-11-24', at('08:00'), 'Asia/Shanghai')).toEqual(['now'])
    // A month ahead, and one minute more than that.
    expect(offered('2026-12-24', '16:00', '2026-11-24', at('16:00'), 'Asia/Shanghai')).toEqual(['now', 'usual', 'other'])
    expect(offered('2026-12-24', '16:00', '2026-11-24', at('15:59'), 'Asia/Shanghai')).toEqual(['now', 'other'])
  })

  it('offers the time of the draft where it has one, for that one holds', () => {
    const at = (hour: string): Date => new Date(`2026-11-24T${hour}:00+08:00`)
    const offer = (now: string, waits: string): string[] => offered('2026-11-24', '16:00', '2026-11-24', at(now), 'Asia/Shanghai', at(waits))
    expect(offer('15:00', '18:00')).toEqual(['now', 'usual'])
    expect(offer('17:00', '18:00')).toEqual(['now', 'usual'])
    // It has passed, and the draft is being released.
    expect(offer('15:00', '14:59')).toEqual(['now', 'usual', 'other'])
  })
})
