import { expect, test } from 'vitest'
import { reconnectDelay, stateWhileTrying } from './connectionState'

test('L8: a lost connection is tried again at once, then fast, then every few seconds for ever', () => {
  expect(reconnectDelay(0, 1)).toBe(0)
  expect(reconnectDelay(1, 0.5)).toBe(250)
  expect(reconnectDelay(1_000, 1)).toBeLessThanOrEqual(12_000)
  expect(reconnectDelay(1_000, 0)).toBeGreaterThanOrEqual(4_000)
})

test('L8: tries are spread, so that many browsers do not come back in one instant', () => {
  expect(reconnectDelay(4, 0)).not.toBe(reconnectDelay(4, 0.9))
})

test('it says "offline" after some vain tries, or when the browser says so', () => {
  expect(stateWhileTrying(0, true)).toBe('reconnecting')
  expect(stateWhileTrying(3, true)).toBe('offline')
  expect(stateWhileTrying(0, false)).toBe('offline')
})
