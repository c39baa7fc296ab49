import type { ChangeSetJson } from '@/Live/wire'
import { applyChanges } from './applyChanges'
import { changesBetween } from './changesBetween'
import { newId, type Claim, type ClientIds } from './clientIds'
import type { WordsState } from './collabSession'
import type { SectionsView } from './connectSession'
import type { DocumentId, PendingRecord, PendingStore } from './pendingStore'
import { startOf, takeUp } from './takeUp'

/**
 * Words in a field that has no editor yet: kept in the browser from the first letter on, in the form in which the editor, or whoever settles what is pending, goes
 * on with them (T2). Nothing of them is sent from here.
 */
export class RestingWords {
  readonly claim: Promise<Claim>
  /** What the field held when somebody turned to it. */
  readonly text: string
  private readonly record: PendingRecord
  private changes: ChangeSetJson | null = null
  private claimed: Claim | null = null
  private ended = false
  private stored = true

  constructor(
    ids: ClientIds,
    private readonly store: PendingStore,
    private readonly document: DocumentId,
    view: SectionsView | null,
    found?: { claim: Claim; record: PendingRecord },
  ) {
    this.record = found?.record ?? startOf(view, document.section)
    this.text = this.record.changes.reduce(applyChanges, this.record.baseText)
    if (found) {
      this.claimed = found.claim
      this.claim = Promise.resolve(found.claim)
      return
    }
    this.claim = ids.fresh().then((claim) => {
      this.claimed = claim
      // Also where the field was left in the meantime: what was typed there lies here for whoever settles it.
      if (this.changes) this.write(claim.clientId)
      if (this.ended) claim.release()
      return claim
    })
  }

  /** Goes on with what a former tab left behind. */
  static async takeUp(ids: ClientIds, store: PendingStore, document: DocumentId, view: () => SectionsView | null): Promise<RestingWords> {
    return new RestingWords(ids, store, document, null, await takeUp(ids, store, document, view))
  }

  /** Whether there is something here that the school does not have. */
  get isWritten(): boolean {
    return this.changes !== null || this.record.changes.length > 0
  }

  get words(): WordsState {
    if (!this.stored) return 'not-stored'
    return this.isWritten ? 'pending' : 'idle'
  }

  typed(now: string): void {
    this.changes = changesBetween(this.text, now)
    this.save()
  }

  /** The editor goes on from here. */
  handOver(now: string): { claim: Claim; record: PendingRecord; typed: ChangeSetJson | null } {
    const claim = this.claimed
    if (!claim) throw new Error('Nobody may write here before the id is claimed.')
    this.ended = true
    return { claim, record: this.record, typed: changesBetween(this.text, now) }
  }

  /** The right to write here has ended: the words are their writer's again (T7). */
  putAside(code: string): void {
    const clientId = this.claimed?.clientId ?? ''
    if (!this.isWritten) return
    const words = [...this.record.changes, ...(this.changes ? [this.changes] : [])].flatMap(inserted).join('\n').trim()
    if (words) this.store.putAside(this.document, clientId, { ...this.document, id: newId(), words, code, at: new Date().toISOString() })
    this.store.remove(this.document, clientId)
    this.changes = null
    this.record.changes = []
    this.letGo()
  }

  /** Whoever settles what is pending may take it. */
  letGo(): void {
    if (this.ended) return
    this.ended = true
    this.claimed?.release()
  }

  private save(): void {
    if (this.claimed && !this.ended) this.write(this.claimed.clientId)
  }

  private write(clientId: string): void {
    if (this.isWritten) this.stored = this.store.save(this.document, clientId, { ...this.record, changes: [...this.record.changes, ...(this.changes ? [this.changes] : [])] })
    else {
      this.store.remove(this.document, clientId)
      this.stored = true
    }
  }
}

function inserted(changes: ChangeSetJson): string[] {
  return changes.flatMap((part) => (typeof part === 'number' || part.length < 2 ? [] : [part.slice(1).join('\n')]))
}
