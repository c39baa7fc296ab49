import { EditorState } from '@codemirror/state'
import { expect, test } from 'vitest'
import { wholeCharacters } from './wholeCharacters'

function change(doc: string, from: number, to: number, insert: string): string {
  const state = EditorState.create({ doc, extensions: wholeCharacters() })
  return state.update({ changes: { from, to, insert } }).state.doc.toString()
}

test('T7: an edit that would cut a character in two is widened to the whole character', () => {
  // 😀 and 😁 share their first half: a diff may replace the second half only.
  expect(change('a😀b', 2, 3, '\uDE01')).toBe('a😁b')
  expect(change('a😀b', 1, 2, '\uD83D')).toBe('a😀b')
  expect(change('a😀b', 1, 3, '')).toBe('ab')
})

test('T7: no half of a character gets in', () => {
  expect(change('ab', 1, 1, '\uD83D')).toBe('a\uFFFDb')
  expect(change('a😀b', 2, 3, '')).toBe('a\uFFFDb')
  expect(change('a😀b', 2, 2, 'x')).not.toMatch(/[\uD800-\uDFFF](?<![\uD800-\uDBFF][\uDC00-\uDFFF])(?![\uDC00-\uDFFF])/)
})

test('what cuts nothing stays as it is', () => {
  expect(change('𠮷野家', 2, 3, '谷')).toBe('𠮷谷家')
  expect(change('', 0, 0, '您好😀')).toBe('您好😀')
})
