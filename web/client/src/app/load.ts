import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { keepingHttp, keptHttp, type Http } from '@/api/client'
import { Problem } from '@/api/problem'
import { liveConnection } from '@/Live/liveConnection'
import { seedTopics } from '@/Live/topics'
import { lastSeenOwner, patience, seenAt, showSeen } from './lastSeen'

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

/** Asks the server and says how that stands. A later asking makes an earlier one's answer meaningless. */
export function useLoad<T>(ask: () => Promise<T>): Load<T> {
  return loading(ask, null)
}

/**
 * For a screen that can be read without a network. Where the server is out of reach, or silent for long, what was last seen is shown, if it is kept; the shell says
 * so. A late answer takes its place when it comes, and it is asked again when the network is back.
 */
export function useLoadOrRecall<T>(ask: (from: Http) => Promise<T>): Load<T> {
  return loading(
    () => ask(keepingHttp),
    () => ask(keptHttp),
  )
}

/** The same once, for what stands beside such a screen. */
export async function askOrRecall<T>(ask: (from: Http) => Promise<T>): Promise<T> {
  const whose = lastSeenOwner()
  const answer = await ask(keepingHttp).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'unreachable') return ask(keptHttp)
    throw error
  })
  // Whoever asked is no longer there.
  if (whose !== lastSeenOwner()) throw Problem.unreachable()
  return answer
}

function loading<T>(ask: () => Promise<T>, recall: (() => Promise<T>) | null): Load<T> {
  const now = shallowRef<Loaded<T>>({ state: 'loading' })
  let asked = 0
  let gone = false
  const show = (next: Loaded<T>): void => {
    const wasOld = since !== null
    now.value = next
    since = next.state === 'ready' ? seenAt(next.value) : null
    showSeen(screen, since)
    // Those parts of the screen that live on by themselves began with what was old.
    if (wasOld && since === null && next.state === 'ready') seedTopics(next.value)
  }
  const again = async (): Promise<void> => {
    const mine = ++asked
    const whose = lastSeenOwner()
    const isMeant = (): boolean => {
      if (mine !== asked || gone) return false
      if (whose === lastSeenOwner()) return true
      // Somebody else has signed in meanwhile, or a right was lost: what was asked for before is not for who looks now.
      if (lastSeenOwner()) void again()
      return false
    }
    clearTimeout(later)
    if (now.value.state !== 'ready') now.value = { state: 'loading' }
    const fresh = settled(ask)
    const first = recall ? await Promise.race([fresh, silence()]) : await fresh
    let old: Loaded<T> | null = null
    if (recall && (first === null || first.state === 'offline')) {
      old = await settled(recall)
      if (!isMeant()) return
      if (old.state === 'ready') show(old)
    }
    const next = await fresh
    if (!isMeant()) return
    if (next.state !== 'offline' || old?.state !== 'ready') show(next)
    // What is old stays. The network is there, and only this was lost.
    else if (liveConnection.isConnected) later = setTimeout(whenOnline, askAgain)
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

function silence(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, patience, null))
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
