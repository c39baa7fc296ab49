import { describe, expect, it } from 'vitest'
import { diffTexts, isChanged, type DiffPart } from './textDiff'

function said(parts: readonly DiffPart[]): string {
  return parts.map((one) => (one.kind === 'same' ? one.text : `${one.kind === 'added' ? '+' : '-'}[${one.text}]`)).join('')
}

describe('the difference of two texts', () => {
  it('is nothing where they are the same', () => {
    expect(diffTexts('听写全对', '听写全对')).toEqual([{ kind: 'same', text: '听写全对' }])
    expect(isChanged(diffTexts('听写全对', '听写全对'))).toBe(false)
    expect(diffTexts('', '')).toEqual([])
  })

  it('tells what was written first, and what was taken away', () => {
    expect(diffTexts('', '今天很好')).toEqual([{ kind: 'added', text: '今天很好' }])
    expect(diffTexts('今天很好', '')).toEqual([{ kind: 'removed', text: '今天很好' }])
  })

  it('is told by characters in Chinese and by words in English', () => {
    expect(said(diffTexts('数学第42页', '数学第43页'))).toBe('数学第-[42]+[43]页')
    expect(said(diffTexts('上课认真，作业整洁', '上课很认真，作业不整洁'))).toBe('上课+[很]认真，作业+[不]整洁')
    expect(said(diffTexts('read aloud twice', 'read silently twice'))).toBe('read -[aloud]+[silently] twice')
  })

  it('does not leave single shared characters standing between changes', () => {
    const parts = diffTexts('他今天不想吃饭', '她昨天都在看书')
    expect(parts.filter((one) => one.kind === 'same').every((one) => one.text.length > 1)).toBe(true)
  })

  it('gives both texts back, whatever they are', () => {
    const letters = ['语', '文', '\n', 'ab', ' ', '1', '，', '😀', 'é']
    let seed = 7
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 300; round++) {
      const text = (): string => Array.from({ length: next(14) }, () => letters[next(letters.length)]).join('')
      const [before, after] = [text(), text()]
      const parts = diffTexts(before, after)
      const without = (kind: DiffPart['kind']): string =>
        parts
          .filter((one) => one.kind !== kind)
          .map((one) => one.text)
          .join('')
      expect(without('added')).toBe(before)
      expect(without('removed')).toBe(after)
      parts.slice(1).forEach((one, index) => expect(one.kind).not.toBe(parts[index]?.kind))
    }
  })

  it('takes texts that are too long to compare as replaced', () => {
    const [before, after] = ['春'.repeat(3_000), '秋'.repeat(3_000)]
    expect(diffTexts(`a ${before} z`, `a ${after} z`).map((one) => one.kind)).toEqual(['same', 'removed', 'added', 'same'])
  })
})
