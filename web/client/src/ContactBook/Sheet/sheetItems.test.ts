import { describe, expect, it } from 'vitest'
import type { SheetItemView } from '@/api/types'
import { bySubject, goneItems, newsOf, shownItems } from './sheetItems'

const teacher: SheetItemView['by'] = { id: 't', name: '王芳', role: 'classTeacher', relation: null }

function item(changes: Partial<SheetItemView>): SheetItemView {
  return { item: 'a-0', kind: 'homework', subject: '语文', text: '背诵', by: teacher, at: '2026-11-23T08:00:00Z', version: 1, added: 1, isRemoved: false, earlier: [], ...changes }
}

describe('items of a class sheet after a signature (S2)', () => {
  it('are news only where their version is greater than the one that was seen', () => {
    expect(newsOf(item({ version: 3, added: 3 }), 3)).toBeNull()
    expect(newsOf(item({ version: 4, added: 4 }), 3)).toBe('added')
    expect(newsOf(item({ version: 5, added: 2 }), 3)).toBe('changed')
    expect(newsOf(item({ version: 5, added: 2, isRemoved: true }), 3)).toBe('removed')
    expect(newsOf(item({ version: 9, added: 9 }), null)).toBeNull()
  })

  it('that came and went between two looks are no news', () => {
    expect(newsOf(item({ version: 5, added: 4, isRemoved: true }), 3)).toBeNull()
  })

  it('are shown in their place when they were taken off after the signature, and apart when before', () => {
    const [kept, before, after] = [item({ item: 'k' }), item({ item: 'b', version: 2, isRemoved: true }), item({ item: 'f', version: 6, isRemoved: true })]
    const items = [kept, before, after]
    expect(shownItems(items, 'homework', 3)).toEqual([kept, after])
    expect(goneItems(items, 3)).toEqual([before])
    expect(shownItems(items, 'homework', null)).toEqual([kept])
    expect(goneItems(items, null)).toEqual([before, after])
    expect(shownItems(items, 'bring', 3)).toEqual([])
  })
})

describe('homework', () => {
  it('stands by subject, in the order in which the subjects appear, and without one last', () => {
    const items = [item({ item: '1', subject: null }), item({ item: '2', subject: '数学' }), item({ item: '3', subject: '语文' }), item({ item: '4', subject: '数学' })]
    expect(bySubject(items).map((one) => [one.subject, one.items.map((each) => each.item)])).toEqual([
      ['数学', ['2', '4']],
      ['语文', ['3']],
      ['', ['1']],
    ])
    expect(bySubject([])).toEqual([])
  })
})
