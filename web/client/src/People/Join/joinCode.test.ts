import { describe, expect, it } from 'vitest'
import { digitsOf, groupedCode, inPairs, isWholeCode, joinAddress, plainCode, strayLetters } from './joinCode'

describe('the code on a slip', () => {
  it('is the same whatever case, dashes, spaces and width it is typed in', () => {
    for (const typed of ['K7QM2HXP4T', 'k7q-m2hx-p4t', ' k7q m2hx p4t ', 'Ｋ７Ｑ－Ｍ２ＨＸ－Ｐ４Ｔ', 'k7q—m2hx—p4t']) expect(plainCode(typed)).toBe('K7QM2HXP4T')
  })

  it('is shown in two groups, also while it is being typed', () => {
    expect(groupedCode('')).toBe('')
    expect(groupedCode('k7')).toBe('K7')
    expect(groupedCode('k7qm2')).toBe('K7QM2')
    expect(groupedCode('k7qm2h')).toBe('K7QM2-H')
    expect(groupedCode('k7qm2hxp4t')).toBe('K7QM2-HXP4T')
  })

  it('keeps what is typed beyond its end, so that it is seen', () => {
    expect(groupedCode('K7QM2HXP4T99')).toBe('K7QM2-HXP4T99')
    expect(isWholeCode('K7QM2HXP4T9')).toBe(false)
  })

  it('tells letters that no slip has', () => {
    expect(strayLetters('K7QM2HXP4T')).toEqual([])
    expect(strayLetters('k7o-1lhx-p40')).toEqual(['O', '1', 'L', '0'])
    expect(isWholeCode('K7QM2HXP40')).toBe(false)
    expect(isWholeCode('k7q-m2hx-p4t')).toBe(true)
    expect(isWholeCode('k7q-m2hx-p4')).toBe(false)
  })

  it('makes the address of the QR code', () => {
    expect(joinAddress('https://school.example', 'K7Q-M2HX-P4T')).toBe('https://school.example/join#c=K7QM2HXP4T')
  })
})

describe('digits', () => {
  it('are taken from whatever is typed, up to a length', () => {
    expect(digitsOf('尾号 １２-34', 4)).toBe('1234')
    expect(digitsOf('13800138000', 4)).toBe('1380')
  })

  it('of a number to write down stand in pairs', () => {
    expect(inPairs('20481736')).toBe('20 48 17 36')
  })
})
