import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { Problem } from '@/api/problem'

/** What a screen that shows something from the server is in. */
export type Loaded<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'not-found' }
  | { state: 'offline' }
  | { state: 'error'; problem: Problem }

export interface Load<T> {
  readonly now: ShallowRef<Loaded<T>>
  again(): Promise<void>
}

/** Asks the server and says how that stands. A later asking makes an earlier one's answer meaningless. */
export function useLoad<T>(ask: () => Promise<T>): Load<T> {
  const now = shallowRef<Loaded<T>>({ state: 'loading' })
  let asked = 0
  let gone = false
  const again = async (): Promise<void> => {
    const mine = ++asked
    if (now.value.state !== 'ready') now.value = { state: 'loading' }
    const next = await settled(ask)
    if (mine === asked && !gone) now.value = next
  }
  const whenOnline = (): void => {
    if (now.value.state === 'offline') void again()
  }
  addEventListener('online', whenOnline)
  onScopeDispose(() => {
    gone = true
    removeEventListener('online', whenOnline)
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
