import { ChangeSet, Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import type { ChangeSetJson } from '@/Live/wire'
import { applyChanges, DoesNotFit } from './applyChanges'

test('T2: a change set applied to a string gives what CodeMirror gives', () => {
  // A fixed little generator: the same thousand cases every time.
  let seed = 20261123
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed % below
  }
  const pieces = ['语文', 'a', '\n', '第一行\n第二行', '😀', '']
  let text = '开始\n这里'
  for (let i = 0; i < 1000; i++) {
    const from = random(text.length + 1)
    const to = Math.min(text.length, from + random(4))
    const changes = ChangeSet.of({ from, to, insert: pieces[random(pieces.length)] ?? '' }, text.length)
    const expected = changes.apply(Text.of(text.split('\n'))).toString()
    expect(applyChanges(text, changes.toJSON() as ChangeSetJson)).toBe(expected)
    text = expected.length > 200 ? expected.slice(0, 50) : expected
  }
})

test('T7: a change set for another text is refused', () => {
  expect(() => applyChanges('abc', [2])).toThrow(DoesNotFit)
  expect(() => applyChanges('abc', [4])).toThrow(DoesNotFit)
  expect(() => applyChanges('abc', [[5]])).toThrow(DoesNotFit)
})
