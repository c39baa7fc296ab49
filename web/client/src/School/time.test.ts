import { expect, test } from 'vitest'
import { sayTime } from './time'

const now = new Date('2026-11-24T12:00:00Z')

test('an instant is said in the time zone of the school', () => {
  expect(sayTime('2026-11-24T11:20:00Z', 'zh-CN', 'Asia/Shanghai', now)).toBe('11月24日 19:20')
  expect(sayTime('2026-11-24T23:05:00Z', 'zh-CN', 'Asia/Shanghai', now)).toBe('11月25日 07:05')
  expect(sayTime('2026-11-24T16:00:00Z', 'zh-CN', 'Asia/Shanghai', now)).toBe('11月25日 00:00')
})

test('another year is said too', () => {
  expect(sayTime('2025-12-31T15:00:00Z', 'zh-CN', 'Asia/Shanghai', now)).toContain('2025年')
})
