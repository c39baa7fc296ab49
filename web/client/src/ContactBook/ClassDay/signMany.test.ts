import { describe, expect, it } from 'vitest'
import { fewAtATime } from './signMany'

describe('a few at a time', () => {
  it('asks for all, never for more than so many at once, and keeps their order', async () => {
    let [now, most] = [0, 0]
    const answers = await fewAtATime(Array.from({ length: 20 }, (_, at) => at), 4, async (one) => {
      most = Math.max(most, ++now)
      for (let i = 0; i < 20 - one; i++) await Promise.resolve()
      now--
      return one * 2
    })
    expect(answers).toEqual(Array.from({ length: 20 }, (_, at) => at * 2))
    expect(most).toBe(4)
  })

  it('fails when one fails, and is done at once with nothing', async () => {
    await expect(fewAtATime([1, 2], 4, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await fewAtATime([], 4, () => Promise.reject(new Error('no')))).toEqual([])
  })
})
