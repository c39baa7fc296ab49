import { describe, expect, it } from 'vitest'
import type { ChildDayView } from '@/api/types'
import { childrenOf, countsOf, filtersOf, lacksOf, toSign } from './missing'

function child(student: string, more: Partial<ChildDayView> = {}): ChildDayView {
  return { student, name: student, filled: [], editedAt: null, marks: [], ticked: [], signed: [], addenda: 0, ...more }
}

const at = '2026-11-24T10:00:00Z'
const guardian = (sheet: number): ChildDayView['signed'][number] => ({ for: 'guardian', sheet, at })
const teacher = { for: 'teacher', sheet: 1, at } as const
const day = {
  sheetVersion: 5,
  studentsSign: true,
  children: [
    child('nothing'),
    child('marked', { marks: [{ mark: 'lunch', level: 'good' }] }),
    child('written', { filled: ['school-day', 'study-at-home'], signed: [guardian(5), teacher] }),
    child('old', { filled: ['study-at-home', 'words'], signed: [guardian(4)] }),
  ],
}

describe('whose page lacks whose entry', () => {
  it('takes a mark or a sentence for the teacher\'s entry, and what was done at home for the family\'s', () => {
    expect(childrenOf(day, 'teacher').map((one) => one.student)).toEqual(['nothing', 'old'])
    expect(childrenOf(day, 'family').map((one) => one.student)).toEqual(['nothing', 'marked'])
    expect(lacksOf(child('x', { filled: ['words'] }), day).has('family')).toBe(true)
  })

  it('finds who has not signed, and who has not seen what came later', () => {
    expect(childrenOf(day, 'guardian-signature').map((one) => one.student)).toEqual(['nothing', 'marked'])
    expect(childrenOf(day, 'teacher-signature').map((one) => one.student)).toEqual(['nothing', 'marked', 'old'])
    expect(childrenOf(day, 'unseen').map((one) => one.student)).toEqual(['old'])
  })

  it('waits for students only where they can sign', () => {
    expect(filtersOf(day)).toContain('student-signature')
    expect(filtersOf({ ...day, studentsSign: false })).not.toContain('student-signature')
    expect(lacksOf(child('x'), { ...day, studentsSign: false }).has('student-signature')).toBe(false)
  })

  it('counts what it lists', () => {
    const counts = countsOf(day)
    for (const filter of filtersOf(day)) expect(counts[filter], filter).toBe(childrenOf(day, filter).length)
  })

  it('lets the class teacher sign what is filled in and not signed', () => {
    expect(toSign(day.children).map((one) => one.student)).toEqual(['marked'])
  })
})
