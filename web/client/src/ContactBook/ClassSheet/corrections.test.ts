import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import type { SheetItemView } from '@/api/types'
import { begin, foundAs, keepInPlace, newCorrections, type Correction } from './corrections'
import type { Where } from './sheetCommands'

function item(id: string, version = 1, more: Partial<SheetItemView> = {}): SheetItemView {
  return { item: id, kind: 'homework', subject: '语文', text: id, by: { id: 'w', name: '王芳', role: 'classTeacher', relation: null }, at: '2026-11-24T00:00:00Z', version, added: 1, isRemoved: false, earlier: [], ...more }
}

/** Words with which an item is begun to be changed. */
function begun(one: SheetItemView, where: Where): Correction {
  const { corrections } = newCorrections(ref(''), [one], [one])
  begin(corrections, one, where)
  return corrections.get(one.item) as Correction
}

describe('words with which an item is being changed', () => {
  it('are there again when the page is opened again, where their item stands now', () => {
    const begun = ref('')
    const before = newCorrections(begun, [item('prepared'), item('gone', 1, { subject: null })], [item('seen')]).corrections
    for (const [one, where] of [[item('prepared'), 'drafts'], [item('gone', 1, { subject: null }), 'drafts'], [item('seen'), 'sheets']] as const) {
      begin(before, one, where)
      ;(before.get(one.item) as Correction).text = `${one.item}!`
    }

    const { corrections, lost } = newCorrections(begun, [], [item('prepared', 1), item('seen', 2)])

    expect(corrections.get('prepared')).toMatchObject({ text: 'prepared!', where: 'sheets' })
    // Families see it now: that is told before it is changed.
    expect(foundAs(corrections.get('prepared') as Correction, item('prepared', 1), undefined)).not.toBe('same')
    expect(foundAs(corrections.get('seen') as Correction, item('seen', 2), undefined)).toBe('changed')
    expect(lost).toEqual(['gone!'])
    // What is done is not there another time.
    corrections.clear()
    expect(begun.value).toBe('')
  })

  it('are told what others have done to it', () => {
    const mine = begun(item('a', 3), 'sheets')
    expect(mine).toMatchObject({ subject: '语文', text: 'a' })
    expect(foundAs(mine, item('a', 3), undefined)).toBe('same')
    expect(foundAs(mine, item('a', 4), undefined)).toBe('changed')
    expect(foundAs(mine, item('a', 4, { isRemoved: true }), undefined)).toBe('removed')
    // What one has just put back oneself may still be shown as removed.
    mine.base = { where: 'sheets', version: 5 }
    expect(foundAs(mine, item('a', 4, { isRemoved: true }), undefined)).toBe('same')
  })

  it('outlive the release of a draft: the sheet counts its changes apart', () => {
    const mine = begun(item('a', 3), 'drafts')
    expect(foundAs(mine, item('a', 3), undefined)).toBe('same')
    // It has left the draft, and is not on the sheet yet.
    expect(foundAs(mine, undefined, undefined)).toBe('gone')
    expect(foundAs(mine, undefined, item('a', 3))).toBe('released')
    expect(foundAs(mine, undefined, item('a', 4, { isRemoved: true }))).toBe('removed')
    mine.base = { where: 'sheets', version: 3 }
    expect(foundAs(mine, undefined, item('a', 3))).toBe('same')
  })

  it('go on where the item stands now', () => {
    const { corrections } = newCorrections(ref(''), [], [])
    begin(corrections, item('a', 3), 'drafts')
    const mine = corrections.get('a') as Correction
    mine.text = 'written'
    begin(corrections, item('a', 7), 'sheets')
    expect(corrections.get('a')).toEqual({ where: 'sheets', base: { where: 'sheets', version: 7 }, subject: '语文', text: 'written' })
  })
})

describe('a list while items of it are being changed', () => {
  const ids = (list: readonly SheetItemView[]): string => list.map((one) => one.item).join('')
  const before = [item('a'), item('b'), item('c'), item('d')]
  const kept = (...keep: string[]) => (one: string): boolean => keep.includes(one)

  it('keeps those in their place, and lets the others go', () => {
    expect(ids(keepInPlace(before, [], kept('b')))).toBe('b')
    expect(ids(keepInPlace(before, [item('a'), item('d')], kept('b')))).toBe('abd')
    expect(ids(keepInPlace(before, [item('d')], kept('b', 'c')))).toBe('bcd')
    expect(ids(keepInPlace(before, [item('a')], kept('d')))).toBe('ad')
    expect(ids(keepInPlace(before, [item('a'), item('c')], kept()))).toBe('ac')
  })

  it('shows what is there as it is now', () => {
    const shown = keepInPlace(before, [item('x'), item('b', 9)], kept('b'))
    expect(ids(shown)).toBe('xb')
    expect(shown[1]?.version).toBe(9)
  })
})
