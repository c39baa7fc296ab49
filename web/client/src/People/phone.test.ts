import { expect, test } from 'vitest'
import { sayPhone } from './phone'

test('a number from here is said without its country, one from elsewhere with it', () => {
  expect(sayPhone('+8613800000001')).toBe('138 0000 0001')
  expect(sayPhone('+861058881234')).toBe('1058881234')
  expect(sayPhone('+4915112345678')).toBe('+4915112345678')
  expect(sayPhone('')).toBe('')
})
