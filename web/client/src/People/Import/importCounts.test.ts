import { describe, expect, it } from 'vitest'
import { asLines, isRosterName, kindsToShow, sentencesOf, typedRightly } from './importCounts'

const nothing = { added: 0, changed: 0, moved: 0, removed: 0, unchanged: 0, staffAdded: 0, staffChanged: 0, staffRemoved: 0, staffUnchanged: 0, classes: 0, guardians: 0 }

describe('a dry run', () => {
  it('shows first who would leave', () => {
    expect(kindsToShow({ ...nothing, added: 3, removed: 2, staffChanged: 1 })).toEqual([
      { kind: 'removed', count: 2 },
      { kind: 'added', count: 3 },
      { kind: 'staffChanged', count: 1 },
    ])
    expect(kindsToShow(nothing)).toEqual([])
  })

  it('says only what happens', () => {
    expect(sentencesOf({ ...nothing, added: 3, unchanged: 40, classes: 1 })).toEqual([
      { key: 'classes', n: 1 },
      { key: 'added', n: 3 },
      { key: 'unchanged', n: 40 },
    ])
    expect(sentencesOf(nothing)).toEqual([])
  })

  it('takes the number of leavers only as it is', () => {
    expect(typedRightly(' 27 ', 27)).toBe(true)
    expect(typedRightly('２７', 27)).toBe(true)
    for (const wrong of ['', '2', '27.0', '027', '二十七']) expect(typedRightly(wrong, 27)).toBe(false)
  })
})

describe('problems', () => {
  it('are copied as lines of a spreadsheet, one cell each whatever they hold', () => {
    expect(asLines(['文件', '行'], [['学生', 3], ['a\tb\nc', null]])).toBe('文件\t行\n学生\t3\na b c\t')
  })
})

describe('a file', () => {
  it('is taken by its ending, in whatever case', () => {
    expect(['名册.xlsx', 'A.CSV', 'oneroster.Zip'].every(isRosterName)).toBe(true)
    expect(['名册.xls', 'roster', 'a.xlsx.exe'].some(isRosterName)).toBe(false)
  })
})
