/** What the connection is, in the words that the screens show. */
export type ConnectionState = 'connected' | 'reconnecting' | 'offline'

const steps = [0, 250, 500, 1000, 2000, 4000, 8000]

/**
 * How long to wait before try number `tries` (from 0): at once, then fast, then every few seconds for ever, spread so
 * that a school's phones do not come back in one instant. `random` is within 0 and 1.
 */
export function reconnectDelay(tries: number, random: number): number {
  const step = steps[Math.min(tries, steps.length - 1)] ?? 0
  return Math.round(step * (0.6 + 0.8 * random))
}

/** After so many vain tries, or when the browser itself says so, one says "offline" rather than "reconnecting". */
export function stateWhileTrying(tries: number, browserOnline: boolean): ConnectionState {
  return tries >= 3 || !browserOnline ? 'offline' : 'reconnecting'
}
