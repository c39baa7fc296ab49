import type { EditorState, Transaction } from '@codemirror/state'
import { effectScope, watch } from 'vue'
import { holdTopic } from '@/Live/topics'
import { clientIds, newId } from './clientIds'
import { CollabSession, type TextHost } from './collabSession'
import { connectSession, type SectionsView } from './connectSession'
import type { PendingStore, StoredPending } from './pendingStore'

class Unshown implements TextHost {
  constructor(public state: EditorState) {}

  dispatch(transactions: readonly Transaction[]): void {
    this.state = transactions.at(-1)?.state ?? this.state
  }

  mayApply(): boolean {
    return true
  }

  holdsBack(): boolean {
    return false
  }
}

const underWay = new Set<string>()
/** Whoever has just let go of an id still holds it for a moment, as the browser sees it; another tab that has it delivers the words itself. */
const askAgain = 500
const mostTries = 10

/**
 * Delivers words that wait in this browser although their page is not open: a tab was closed on the way, or a page was
 * left while the network was gone. They go out as if late (T9), under the ids that they were written with.
 */
export function settlePending(store: PendingStore, tries = 0): void {
  let again = false
  for (const pending of store.pending()) {
    if (underWay.has(pending.clientId)) continue
    underWay.add(pending.clientId)
    const held = (): void => {
      if (again || tries >= mostTries) return
      again = true
      setTimeout(() => settlePending(store, tries + 1), askAgain)
    }
    // A closing component may have begun this: what waits for the network here must not end with it.
    effectScope(true).run(() => settle(store, pending, held, () => underWay.delete(pending.clientId)))
  }
}

function settle(store: PendingStore, pending: StoredPending, held: () => void, done: () => void): void {
  const { topic, release } = holdTopic<SectionsView>(pending.topic)
  const stop = watch(
    () => topic.seen.value.phase,
    (phase) => {
      if (phase === 'live' || phase === 'removed') void take()
    },
    { flush: 'sync' },
  )
  let taken = false
  const finish = (): void => {
    stop()
    release()
    done()
  }
  const take = async (): Promise<void> => {
    if (taken) return
    taken = true
    const claim = await clientIds().claim(pending.clientId)
    // Read again under the claim: the tab that had it may have gone on in the meantime.
    const current = claim && store.pending(pending).find((one) => one.clientId === pending.clientId)
    if (!claim || !current) {
      if (!claim) held()
      claim?.release()
      return finish()
    }
    let disconnect: () => void = () => undefined
    let stopWaiting: () => void = () => undefined
    let ended = false
    const end = (): void => {
      if (ended) return
      ended = true
      // Not from within the session's own callback.
      queueMicrotask(() => {
        disconnect()
        stopWaiting()
        session.end()
        claim.release()
        finish()
      })
    }
    const session: CollabSession = new CollabSession(pending.section, pending.clientId, current.record, {
      push: (push) => topic.pushText(push),
      textSince: (section, version) => topic.textSince(section, version),
      rejoin: () => topic.replica.connected(),
      save: (record) => {
        if (record) return store.save(pending, pending.clientId, record)
        store.remove(pending, pending.clientId)
        return true
      },
      refused: (code, words) => {
        if (words) store.putAside(pending, pending.clientId, { topic: pending.topic, section: pending.section, id: newId(), words, code, at: new Date().toISOString() })
        end()
      },
      changed: () => {
        if (session.pendingCount === 0) end()
      },
      later: (milliseconds, then) => {
        const timer = setTimeout(then, milliseconds)
        return () => clearTimeout(timer)
      },
    })
    session.attach(new Unshown(session.createState()))
    if (topic.replica.phase === 'removed') session.refuse(topic.replica.refusal ?? 'not-found')
    disconnect = connectSession(topic, session)
    // Without a connection the words are let go of, so that a page opened meanwhile shows them; they are settled later.
    stopWaiting = watch(
      () => topic.seen.value.phase,
      (phase) => {
        if (phase === 'stale' || phase === 'idle' || phase === 'removed') end()
      },
      { flush: 'sync' },
    )
  }
  if (topic.replica.phase === 'live' || topic.replica.phase === 'removed') void take()
}
