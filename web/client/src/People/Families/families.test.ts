import { describe, expect, it } from 'vitest'
import type { FamiliesView } from '@/api/types'
import { changedStates, inPages, isFamilyIn, notIn } from './families'

type Student = FamiliesView['students'][number]
type State = Student['guardians'][number]['state']

function student(id: string, ...states: State[]): Student {
  return {
    student: id,
    name: `孩子${id}`,
    guardians: states.map((state, index) => ({
      entry: `g${index + 1}`,
      name: `家长${index + 1}`,
      relation: 'mother',
      relationName: '妈妈',
      phoneTail: '1234',
      state,
      expires: null,
      wrongTries: 0,
    })),
  }
}

describe('families', () => {
  it('are in when one guardian is', () => {
    expect(isFamilyIn(student('1', 'none', 'in'))).toBe(true)
    expect(isFamilyIn(student('2', 'issued', 'restricted'))).toBe(false)
    expect(isFamilyIn(student('3'))).toBe(false)
  })

  it('get slips for everybody who is not in, but not for those who may not', () => {
    const students = [student('1', 'in', 'none'), student('2', 'issued', 'expired', 'triesUsedUp'), student('3', 'restricted', 'ended')]
    expect(notIn(students).map((one) => `${one.student}/${one.entry}`)).toEqual(['1/g2', '2/g1', '2/g2', '2/g3'])
    expect(notIn(students, true).map((one) => `${one.student}/${one.entry}`)).toEqual(['1/g2', '2/g2', '2/g3'])
  })

  it('tell whose state has changed', () => {
    const before = [student('1', 'issued', 'none')]
    expect([...changedStates(before, [student('1', 'in', 'none')])]).toEqual(['1/g1'])
    expect(changedStates(before, before).size).toBe(0)
    expect(changedStates(before, [...before, student('2', 'in')]).size).toBe(0)
  })
})

describe('slips', () => {
  it('are four to a sheet', () => {
    expect(inPages([1, 2, 3, 4, 5])).toEqual([[1, 2, 3, 4], [5]])
    expect(inPages([])).toEqual([])
  })
})
