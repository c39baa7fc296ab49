import { describe, expect, it } from 'vitest'
import type { BookPageView, ClassSheetView, Signature } from '@/api/types'
import { entriesSince, isSealedFor, isSomethingNewer, itemsSince, newerThan, secondsLeft, seenOf, snapshotOf, standing, standingOf, textAt } from './signing'

const mother: Signature['by'] = { id: 'm', name: '李丽', role: 'guardian', relation: 'mother' }
const father: Signature['by'] = { id: 'f', name: '许强', role: 'guardian', relation: 'father' }
const teacher: Signature['by'] = { id: 't', name: '王芳', role: 'classTeacher', relation: null }
const child: Signature['by'] = { id: 'c', name: '许建萱', role: 'student', relation: null }

function signature(by: Signature['by'], group: Signature['for'], changes: Partial<Signature> = {}): Signature {
  return { id: `${by.id}-1`, for: group, by, at: '2026-11-23T11:00:00Z', seen: { sections: {}, entries: 0, sheet: 0 }, withdrawn: null, ...changes }
}

function section(id: string, writers: string[], version = 0, text = ''): BookPageView['sections'][number] {
  return { section: id, text, version, writers, edited: null }
}

function page(changes: Partial<BookPageView> = {}): BookPageView {
  return {
    topic: 'page/s01/1/2026-11-23',
    epoch: 'e',
    n: 1,
    school: 's01',
    student: '1',
    name: '许建萱',
    class: '2024-2',
    className: '三年级2班',
    sheetTopic: 'sheet/s01/2024-2/2026-11-23',
    date: '2026-11-23',
    sections: [section('school-day', ['teacher'], 2, '很好'), section('study-at-home', ['guardian', 'student'], 0), section('words', ['guardian'], 5, '您好')],
    ticks: [],
    marks: [],
    entries: 1,
    signatures: [],
    addenda: [],
    remindedAt: null,
    ...changes,
  }
}

function sheet(version: number, items: ClassSheetView['items'] = []): ClassSheetView {
  return { topic: 's', epoch: 'e', n: 1, school: 's01', class: '2024-2', className: '', date: '2026-11-23', sections: [], version, items }
}

describe('signatures (S1, S2)', () => {
  it('count by their group: the newest that was not withdrawn', () => {
    const first = signature(mother, 'guardian')
    const second = signature(father, 'guardian', { withdrawn: { at: '2026-11-23T12:00:00Z', reason: '看错了' } })
    const now = page({ signatures: [first, second, signature(teacher, 'teacher')] })
    expect(standing(now, 'guardian')).toBe(first)
    expect(standing(now, 'student')).toBeUndefined()
    expect(standingOf(now, 'f')).toBeUndefined()
    expect(standingOf(now, 'm')).toBe(first)
  })

  it('of a guardian close what the family writes, for everybody; not what the school writes', () => {
    const signed = page({ signatures: [signature(father, 'guardian')] })
    const [atSchool, atHome, words] = signed.sections as [BookPageView['sections'][number], BookPageView['sections'][number], BookPageView['sections'][number]]
    expect(isSealedFor(signed, words, new Set(['guardian']))).toBe(true)
    expect(isSealedFor(signed, atHome, new Set(['student']))).toBe(true)
    expect(isSealedFor(signed, atSchool, new Set(['teacher']))).toBe(false)
    expect(isSealedFor(page(), words, new Set(['guardian']))).toBe(false)
  })

  it('of the student close what both write for the student alone', () => {
    const signed = page({ signatures: [signature(child, 'student')] })
    const atHome = section('study-at-home', ['guardian', 'student'])
    expect(isSealedFor(signed, atHome, new Set(['student']))).toBe(true)
    expect(isSealedFor(signed, atHome, new Set(['guardian']))).toBe(false)
  })

  it('name every section that was ever written in, the entries and the sheet', () => {
    expect(seenOf(page(), sheet(7))).toEqual({ sections: { 'school-day': 2, words: 5 }, entries: 1, sheet: 7 })
  })

  it('are behind where any of these is newer', () => {
    const seen = seenOf(page(), sheet(7))
    expect(isSomethingNewer(newerThan(seen, page(), sheet(7)))).toBe(false)
    expect(newerThan(seen, page({ sections: [section('school-day', ['teacher'], 3), section('answer', ['teacher'], 1)] }), sheet(7))).toEqual({ sections: ['school-day', 'answer'], entries: false, sheet: false })
    expect(newerThan(seen, page({ entries: 2 }), sheet(7)).entries).toBe(true)
    expect(newerThan(seen, page(), sheet(8)).sheet).toBe(true)
  })
})

describe('what is newer than a signature', () => {
  const marks: BookPageView['marks'] = [
    { mark: 'attention', level: 'good', by: teacher, at: '2026-11-23T10:00:00Z' },
    { mark: 'lunch', level: 'fair', by: teacher, at: '2026-11-23T11:30:00Z' },
  ]
  const addenda: BookPageView['addenda'] = [{ id: 'a', section: 'words', text: '还有', by: mother, at: '2026-11-23T12:00:00.5Z' }]

  it('is told by what was there, where that is remembered', () => {
    const before = page({ marks: [{ mark: 'attention', level: 'care', by: teacher, at: '2026-11-23T09:00:00Z' }, ...marks.slice(1)] })
    expect(entriesSince(page({ marks, addenda }), { snapshot: snapshotOf(before) })).toEqual({ marks: marks.slice(0, 1), addenda })
  })

  it('is told by the hour of the signature else, and without that everything is', () => {
    expect(entriesSince(page({ marks, addenda }), { at: '2026-11-23T11:00:00Z' })).toEqual({ marks: marks.slice(1), addenda })
    expect(entriesSince(page({ marks, addenda }), { at: '2026-11-23T12:00:01Z' })).toEqual({ marks: [], addenda: [] })
    expect(entriesSince(page({ marks, addenda }), {}).marks).toEqual(marks)
  })

  it('is, of the sheet, what was added, changed or taken off', () => {
    const item = { item: 'i-0', kind: 'homework' as const, subject: '语文', text: '背诵', by: teacher, at: '2026-11-23T10:00:00Z', version: 8, added: 3, isRemoved: false, earlier: [] }
    expect(itemsSince(sheet(8, [item, { ...item, item: 'i-1', version: 7 }]), 7)).toEqual([{ item, news: 'changed' }])
  })

  it('is compared with the text of the version that was seen', () => {
    const revisions = [
      { firstVersion: 4, lastVersion: 9, before: '您好', after: '您好，谢谢' },
      { firstVersion: 0, lastVersion: 4, before: '', after: '您好' },
    ]
    expect(textAt(revisions, 0)).toBe('')
    expect(textAt(revisions, 4)).toBe('您好')
    expect(textAt(revisions, 6)).toBe('您好')
    expect(textAt(revisions, 9)).toBe('您好，谢谢')
    expect(textAt(revisions.slice(0, 1), 2)).toBeNull()
  })
})

describe('the ten seconds of S3', () => {
  it('are counted down in whole seconds to none', () => {
    expect(secondsLeft(10_000, 0)).toBe(10)
    expect(secondsLeft(10_000, 9_001)).toBe(1)
    expect(secondsLeft(10_000, 10_000)).toBe(0)
    expect(secondsLeft(10_000, 20_000)).toBe(0)
  })
})
