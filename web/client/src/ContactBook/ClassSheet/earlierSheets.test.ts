import { describe, expect, it } from 'vitest'
import type { ClassSheetView } from '@/api/types'
import { daysBefore, lastWithItems } from './earlierSheets'

function sheet(date: string, ...removed: boolean[]): ClassSheetView {
  return { date, items: removed.map((isRemoved) => ({ isRemoved })) } as unknown as ClassSheetView
}

describe('which day is copied from', () => {
  it('looks back day by day, and not beyond the term', () => {
    expect(daysBefore('2026-11-23', null, 3)).toEqual(['2026-11-22', '2026-11-21', '2026-11-20'])
    expect(daysBefore('2026-09-03', '2026-09-01')).toEqual(['2026-09-02', '2026-09-01'])
    expect(daysBefore('2026-09-01', '2026-09-01')).toEqual([])
  })

  it('takes the nearest day that has something on its sheet: on a Monday that is Friday', async () => {
    const sheets: Record<string, ClassSheetView> = { '2026-11-20': sheet('2026-11-20', false), '2026-11-19': sheet('2026-11-19', false) }
    const asked: string[] = []
    const found = await lastWithItems(daysBefore('2026-11-23', null), async (day) => {
      asked.push(day)
      return sheets[day] ?? sheet(day)
    })
    expect(found?.date).toBe('2026-11-20')
    expect(asked).toHaveLength(3)
  })

  it('does not take a day of which everything was taken off, and finds nothing where nothing is', async () => {
    const sheets: Record<string, ClassSheetView> = { '2026-11-22': sheet('2026-11-22', true, true), '2026-11-18': sheet('2026-11-18', true, false) }
    const ask = async (day: string): Promise<ClassSheetView> => sheets[day] ?? sheet(day)
    expect((await lastWithItems(daysBefore('2026-11-23', null), ask))?.date).toBe('2026-11-18')
    expect(await lastWithItems(daysBefore('2026-11-23', '2026-11-19'), ask)).toBeNull()
  })
})
