import { describe, expect, it } from 'vitest'
import { kindsOf, mayLackSubject, subjectsOf, whyNot } from './sheetRights'

const subjects = ['语文', '数学', '英语']
const classTeacher = { subjects, mine: ['数学'], writesAll: true }
const english = { subjects, mine: ['英语'], writesAll: false }
const nobody = { subjects, mine: [], writesAll: false }

describe('what a teacher writes on a class sheet', () => {
  it('lets the class teacher write everything, the own subjects offered first', () => {
    expect(kindsOf(classTeacher)).toEqual(['homework', 'notices', 'bring', 'fees'])
    expect(subjectsOf(classTeacher)).toEqual(['数学', '语文', '英语'])
    expect(whyNot(classTeacher, 'fees', null)).toBeNull()
  })

  it('lets a subject teacher write what belongs to the own subjects, and says why not the rest', () => {
    expect(kindsOf(english)).toEqual(['homework', 'notices', 'bring'])
    expect(subjectsOf(english)).toEqual(['英语'])
    expect(whyNot(english, 'homework', '英语')).toBeNull()
    expect(whyNot(english, 'homework', '数学')).toBe('subject')
    expect(whyNot(english, 'notices', null)).toBe('class')
    expect(whyNot(english, 'fees', '英语')).toBe('fees')
    expect(kindsOf(nobody)).toEqual([])
  })

  it('asks for a subject where there must be one', () => {
    expect(mayLackSubject(classTeacher, 'notices')).toBe(true)
    expect(mayLackSubject(classTeacher, 'homework')).toBe(false)
    expect(mayLackSubject(english, 'notices')).toBe(false)
  })
})
