import { describe, expect, it } from 'vitest'
import type { BookPageView, ClassSheetView } from '@/api/types'
import type { StoredCommand, StoredPending } from '@/CoEditing/pendingStore'
import { fewAtATime, hindranceOf, isLong, sharedOf } from './signMany'

describe('a few at a time', () => {
  it('asks for all, never for more than so many at once, and keeps their order', async () => {
    let [now, most] = [0, 0]
    const answers = await fewAtATime(Array.from({ length: 20 }, (_, at) => at), 4, async (one) => {
      most = Math.max(most, ++now)
      for (let i = 0; i < 20 - one; i++) await Promise.resolve()
      now--
      return one * 2
    })
    expect(answers).toEqual(Array.from({ length: 20 }, (_, at) => at * 2))
    expect(most).toBe(4)
  })

  it('fails when one fails, and is done at once with nothing', async () => {
    await expect(fewAtATime([1, 2], 4, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await fewAtATime([], 4, () => Promise.reject(new Error('no')))).toEqual([])
  })
})

describe('signing for a class', () => {
  const day = { school: 's01', class: 'c32', date: '2026-11-24', children: [{ student: '0042' }, { student: '0043' }] }
  const command = (subject: string, refused?: StoredCommand['refused']): StoredCommand => ({ id: subject, account: 'w', as: 'staff', subject, method: 'PUT', path: '/', body: {}, at: '2026-11-24T00:00:00Z', notBefore: 0, refused })
  const store = (...topics: string[]) => ({
    pending: (): StoredPending[] => topics.map((topic) => ({ topic, section: 'school-day', clientId: 'c', record: { version: 0, baseText: '', confirmedSeq: 0, changes: [[0, [0, 'x']]] } })),
  })

  it('waits for marks of this class and day that are on their way, not for those that were refused', () => {
    expect(hindranceOf(day, [command('marks/s01/c32/2026-11-24/child/0042')], store())).toBe('marks')
    expect(hindranceOf(day, [command('marks/s01/c32/2026-11-24/many/0042,0043/lunch')], store())).toBe('marks')
    expect(hindranceOf(day, [command('marks/s01/c32/2026-11-24/child/0042', { code: 'text-sealed', detail: '', newer: [] })], store())).toBeNull()
    expect(hindranceOf(day, [command('marks/s01/c3/2026-11-24/child/0042'), command('marks/s01/c32/2026-11-25/child/0042'), command('sign/page/s01/0042/2026-11-24')], store())).toBeNull()
  })

  it('waits for words of these children that are not delivered', () => {
    expect(hindranceOf(day, [], store('page/s01/0043/2026-11-24'))).toBe('words')
    expect(hindranceOf(day, [], store('page/s01/0099/2026-11-24', 'page/s01/0043/2026-11-23', 'page/s02/0043/2026-11-24'))).toBeNull()
  })

  it('shows of the sheet what is on it, by kind', () => {
    const sheet = { items: [{ item: 'a', kind: 'fees', isRemoved: false }, { item: 'b', kind: 'homework', isRemoved: true }, { item: 'c', kind: 'homework', isRemoved: false }] } as unknown as ClassSheetView
    expect(sharedOf(sheet).map((one) => [one.kind, ...one.items.map((item) => item.item)])).toEqual([['homework', 'c'], ['fees', 'a']])
  })

  it('folds what is long in letters or in lines, its addenda counted', () => {
    const page = (sections: string[], addenda: string[] = []): BookPageView => ({ sections: sections.map((text) => ({ text })), addenda: addenda.map((text) => ({ text })) }) as unknown as BookPageView
    expect(isLong(page(['背了三遍', '今天很高兴'], ['补一句']))).toBe(false)
    expect(isLong(page(['长'.repeat(100)], ['长'.repeat(61)]))).toBe(true)
    expect(isLong(page(['一\n二\n三', '四\n五\n六']))).toBe(true)
  })
})
