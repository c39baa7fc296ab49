import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { Problem } from '@/api/problem'
import { liveConnection } from '@/Live/liveConnection'
import { seenAt, showSeen } from './lastSeen'

/** What a screen that shows something from the server is in. */
export type Loaded<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'not-found' }
  | { state: 'offline' }
  | { state: 'error'; problem: Problem }

const askAgain = 5_000

export interface Load<T> {
  readonly now: ShallowRef<Loaded<T>>
  again(): Promise<void>
}

/**
 * Asks the server and says how that stands. A later asking makes an earlier one's answer meaningless. Where the server is out of reach, what was last seen is
 * shown, if it is kept; the shell says so, and it is asked again when the network is back.
 */
export function useLoad<T>(ask: () => Promise<T>): Load<T> {
  const now = shallowRef<Loaded<T>>({ state: 'loading' })
  let asked = 0
  let gone = false
  const again = async (): Promise<void> => {
    const mine = ++asked
    if (now.value.state !== 'ready') now.value = { state: 'loading' }
    const next = await settled(ask)
    if (mine !== asked || gone) return
    now.value = next
    since = next.state === 'ready' ? seenAt(next.value) : null
    showSeen(screen, since)
    clearTimeout(later)
    // The network is there and was only slow.
    if (since !== null && liveConnection.isConnected) later = setTimeout(whenOnline, askAgain)
  }
  let later: ReturnType<typeof setTimeout> | undefined
  const screen = Symbol('screen')
  let since: string | null = null
  const whenOnline = (): void => {
    if (now.value.state === 'offline' || since !== null) void again()
  }
  addEventListener('online', whenOnline)
  const stopWatching = watch(liveConnection.state, (state) => {
    if (state === 'connected') whenOnline()
  })
  onScopeDispose(() => {
    gone = true
    removeEventListener('online', whenOnline)
    stopWatching()
    clearTimeout(later)
    showSeen(screen, null)
  })
  void again()
  return { now, again }
}

async function settled<T>(ask: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return { state: 'ready', value: await ask() }
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(0, 'fault', '')
    if (problem.code === 'unreachable') return { state: 'offline' }
    return problem.status === 404 ? { state: 'not-found' } : { state: 'error', problem }
  }
}
