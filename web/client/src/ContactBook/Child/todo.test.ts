import { describe, expect, it } from 'vitest'
import type { BookPageView, ClassSheetView, SheetItemView, Signature } from '@/api/types'
import { isNothing, todoOf } from './todo'

const teacher: Signature['by'] = { id: 't', name: '王芳', role: 'classTeacher', relation: null }
const mother: Signature['by'] = { id: 'm', name: '李丽', role: 'guardian', relation: 'mother' }
const nothing = (): boolean => false

function item(id: string, kind: SheetItemView['kind'], changes: Partial<SheetItemView> = {}): SheetItemView {
  return { item: id, kind, subject: null, text: id, by: teacher, at: '2026-11-23T08:00:00Z', version: 1, added: 1, isRemoved: false, earlier: [], ...changes }
}

function sheet(items: SheetItemView[] = [], version = items.length): ClassSheetView {
  return { topic: 's', epoch: 'e', n: 1, school: 's01', class: 'c', className: '', date: '2026-11-23', sections: [{ section: 'homework', text: '', version: 0, writers: [], edited: null }], version, items }
}

function page(texts: Record<string, string> = {}, signatures: Signature[] = [], remindedAt: string | null = null): BookPageView {
  const sections = ['school-day', 'study-at-home', 'words'].map((section) => ({ section, text: texts[section] ?? '', version: texts[section] ? 1 : 0, writers: [], edited: null }))
  return { topic: 'p', epoch: 'e', n: 1, school: 's01', student: '1', name: '许建萱', class: 'c', className: '', sheetTopic: 's', date: '2026-11-23', sections, ticks: [], marks: [], entries: 0, signatures, addenda: [], remindedAt }
}

function signature(group: Signature['for'], sheetSeen: number, sections: Record<string, number> = {}): Signature {
  return { id: 'x', for: group, by: mother, at: '2026-11-23T11:00:00Z', seen: { sections, entries: 0, sheet: sheetSeen }, withdrawn: null }
}

describe('what is to do today', () => {
  it('is nothing on a day that nobody has begun', () => {
    const todo = todoOf(sheet(), page(), 'guardian', nothing)
    expect(isNothing(todo)).toBe(true)
    expect(todo.sign).toBe(false)
  })

  it('is to tick homework and things to bring, but neither notices nor what was taken off', () => {
    const todo = todoOf(sheet([item('a', 'homework'), item('b', 'bring'), item('n', 'notices'), item('r', 'homework', { isRemoved: true })]), page(), 'guardian', (one) => one === 'a')
    expect(todo.items.map((one) => one.item)).toEqual(['a', 'b'])
    expect(todo.open).toBe(1)
    expect([todo.write, todo.sign]).toEqual([true, true])
  })

  it('is to sign when only the school has written', () => {
    const todo = todoOf(sheet(), page({ 'school-day': '很好' }), 'guardian', nothing)
    expect([todo.open, todo.write, todo.sign]).toEqual([0, false, true])
  })

  it('is nothing once all is ticked, written and signed, until something newer comes', () => {
    const texts = { 'study-at-home': '做完了' }
    const seen = signature('guardian', 1, { 'study-at-home': 1 })
    const done = todoOf(sheet([item('a', 'homework')]), page(texts, [seen]), 'guardian', () => true)
    expect(isNothing(done)).toBe(true)

    const later = todoOf(sheet([item('a', 'homework'), item('b', 'notices')]), page(texts, [seen]), 'guardian', () => true)
    expect(isNothing(later)).toBe(false)
    expect(later.newer).toEqual({ sections: [], entries: false, sheet: true })
    expect(later.sign).toBe(false)
  })

  it('asks nobody to write what a signature has closed', () => {
    const signed = page({}, [signature('guardian', 1)])
    expect(todoOf(sheet([item('a', 'homework')]), signed, 'guardian', nothing).write).toBe(false)
    const student = todoOf(sheet([item('a', 'homework')]), signed, 'student', nothing)
    expect([student.write, student.sign]).toEqual([false, true])
  })

  it('tells a guardian of the reminder as long as nobody has signed, and tells a student never', () => {
    const at = '2026-11-23T10:30:00Z'
    const items = sheet([item('a', 'homework')])
    expect(todoOf(items, page({}, [], at), 'guardian', nothing).remindedAt).toBe(at)
    expect(todoOf(items, page({}, [signature('guardian', 1)], at), 'guardian', nothing).remindedAt).toBeNull()
    expect(todoOf(items, page({}, [], at), 'student', nothing).remindedAt).toBeNull()
  })

  it('is nothing for who only reads', () => {
    expect(isNothing(todoOf(sheet([item('a', 'homework')]), page({}, [], null), null, nothing))).toBe(true)
  })
})
