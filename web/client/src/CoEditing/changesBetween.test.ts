import { ChangeSet, Text } from '@codemirror/state'
import { describe, expect, test } from 'vitest'
import { applyChanges } from './applyChanges'
import { changesBetween } from './changesBetween'

describe('the change between two texts', () => {
  test('is nothing where they are the same', () => {
    expect(changesBetween('今天', '今天')).toBeNull()
  })

  test('is one replacement, with what stays on either side', () => {
    expect(changesBetween('今天很好', '今天不很好')).toEqual([2, [0, '不'], 2])
    expect(changesBetween('', '一\n二')).toEqual([[0, '一', '二']])
    expect(changesBetween('今天很好', '今天')).toEqual([2, [2]])
  })

  test('cuts no character in half', () => {
    // Both begin with the same half, and end with the same half.
    expect(changesBetween('a😀', 'a😁')).toEqual([1, [2, '😁']])
    expect(changesBetween('\u{1F600}', '\u{1FA00}')).toEqual([[2, '\u{1FA00}']])
  })

  test('repeated letters are neither counted twice nor lost', () => {
    expect(changesBetween('aa', 'aaa')).toEqual([2, [0, 'a']])
    expect(changesBetween('aaa', 'aa')).toEqual([2, [1]])
  })

  test('is one that CodeMirror and the reading screens take for the same', () => {
    const letters = ['a', 'b', '\n', '好', '😀', '😁']
    let seed = 7
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    const text = (): string => Array.from({ length: random(8) }, () => letters[random(letters.length)]).join('')
    for (let times = 0; times < 500; times++) {
      const [before, after] = [text(), text()]
      const changes = changesBetween(before, after)
      if (!changes) {
        expect(before).toBe(after)
        continue
      }
      expect(applyChanges(before, changes)).toBe(after)
      expect(ChangeSet.fromJSON(changes).apply(Text.of(before.split('\n'))).toString()).toBe(after)
    }
  })
})
