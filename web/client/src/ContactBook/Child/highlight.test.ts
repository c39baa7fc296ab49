import { describe, expect, it } from 'vitest'
import { highlight } from './highlight'

describe('what was looked for', () => {
  it('is found in every place, whatever its case', () => {
    expect(highlight('Unit 4 朗读, unit 5', 'UNIT')).toEqual([
      { text: 'Unit', found: true },
      { text: ' 4 朗读, ', found: false },
      { text: 'unit', found: true },
      { text: ' 5', found: false },
    ])
    expect(highlight('听写听写', '听写').map((one) => one.found)).toEqual([true, true])
  })

  it('is nowhere where there is nothing to look for, or it is not there', () => {
    expect(highlight('听写', '  ')).toEqual([{ text: '听写', found: false }])
    expect(highlight('听写', '朗读')).toEqual([{ text: '听写', found: false }])
    expect(highlight('', '朗读')).toEqual([])
  })

  it('gives the text back, whatever it is', () => {
    for (const text of ['İstanbul unit', 'a.b*c (unit)', '😀unit😀']) {
      expect(
        highlight(text, 'unit')
          .map((one) => one.text)
          .join(''),
      ).toBe(text)
    }
  })
})
