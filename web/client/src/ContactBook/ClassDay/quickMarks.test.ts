import { describe, expect, it } from 'vitest'
import { batchesOf, levelOf, levelOfKey, nextLevel, quickMarks, sameForAll, undoOf, withChange, type MarkChange } from './quickMarks'

const child = (student: string, marks: Record<string, 'good' | 'fair' | 'care'> = {}): { student: string; marks: { mark: string; level: 'good' | 'fair' | 'care' }[] } => ({
  student,
  marks: Object.entries(marks).map(([mark, level]) => ({ mark, level })),
})

const one = child('1')
const two = child('2', { lunch: 'care', conduct: 'good' })
const three = child('3', { attention: 'fair' })

function applied(children: readonly ReturnType<typeof child>[], changes: Map<string, MarkChange>): ReturnType<typeof child>[] {
  return children.map((now) => withChange(now, changes.get(now.student)))
}

describe('quick marks', () => {
  it('goes through the levels and back to nothing', () => {
    expect([null, 'good', 'fair', 'care'].map((level) => nextLevel(level as never))).toEqual(['good', 'fair', 'care', null])
  })

  it('knows the keys', () => {
    expect(['1', '2', '3', '0', 'Delete', 'Backspace'].map(levelOfKey)).toEqual(['good', 'fair', 'care', null, null, null])
    expect(['4', 'a', 'Enter', ' ', '', '-1'].map(levelOfKey)).toEqual(Array(6).fill(undefined))
  })

  it('shows changes that are on their way over what is there, in reading order', () => {
    expect(withChange(two, { lunch: null, attention: 'good' }).marks).toEqual([{ mark: 'attention', level: 'good' }, { mark: 'conduct', level: 'good' }])
    expect(withChange(two, undefined)).toBe(two)
  })
})

describe('the same for all', () => {
  it('gives everybody the level and changes nothing that is so already', () => {
    const changes = sameForAll([one, two, three], 'good', quickMarks, false)
    for (const now of applied([one, two, three], changes)) expect(quickMarks.map((mark) => levelOf(now, mark))).toEqual(Array(5).fill('good'))
    expect(changes.get('2')?.conduct).toBeUndefined()
    expect(sameForAll(applied([one, two, three], changes), 'good', quickMarks, false).size).toBe(0)
  })

  it('leaves the exceptions alone that were entered before', () => {
    const [, second = child(''), third = child('')] = applied([one, two, three], sameForAll([one, two, three], 'good', quickMarks, true))
    expect(levelOf(second, 'lunch')).toBe('care')
    expect(levelOf(second, 'wellbeing')).toBe('good')
    expect(levelOf(third, 'attention')).toBe('fair')
  })

  it('is for one respect alone, too', () => {
    expect(sameForAll([one, two], 'good', ['conduct'], false)).toEqual(new Map([['1', { conduct: 'good' }]]))
  })

  it('is taken back to exactly what was there', () => {
    const children = [one, two, three]
    const changes = sameForAll(children, 'fair', quickMarks, false)
    const back = undoOf(children, changes)
    expect(applied(applied(children, changes), back).map((now) => quickMarks.map((mark) => levelOf(now, mark)))).toEqual(
      children.map((now) => quickMarks.map((mark) => levelOf(now, mark))),
    )
  })
})

describe('batches', () => {
  it('puts children together whose marks change alike', () => {
    const batches = batchesOf(new Map<string, MarkChange>([['1', { lunch: 'good' }], ['2', { lunch: 'care' }], ['3', { lunch: 'good' }], ['4', {}]]))
    expect(batches).toEqual([
      { children: ['1', '3'], marks: [{ mark: 'lunch', level: 'good' }] },
      { children: ['2'], marks: [{ mark: 'lunch', level: 'care' }] },
    ])
  })

  it('is one command for a class of which nothing is entered', () => {
    const children = Array.from({ length: 45 }, (_, at) => child(String(at)))
    const batches = batchesOf(sameForAll(children, 'good', quickMarks, true))
    expect(batches).toHaveLength(1)
    expect(batches[0]?.children).toHaveLength(45)
  })
})
