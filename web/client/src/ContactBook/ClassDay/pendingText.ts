import { applyChanges } from '@/CoEditing/applyChanges'
import type { PendingStore } from '@/CoEditing/pendingStore'

/** What a section says with the words that this browser has not delivered yet. */
export function withPending(store: PendingStore, topic: string, section: string, confirmed: string): string {
  const [first] = store.pending({ topic, section })
  return first ? first.record.changes.reduce((text, change) => applyChanges(text, change), first.record.baseText) : confirmed
}
