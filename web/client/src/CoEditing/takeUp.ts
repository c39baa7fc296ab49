import type { ClientIds, Claim } from './clientIds'
import type { SectionsView } from './connectSession'
import type { DocumentId, PendingRecord, PendingStore } from './pendingStore'

/** A text to begin from: the confirmed one, with nothing pending over it. */
export function startFrom(version: number, text: string): PendingRecord {
  return { version, baseText: text, confirmedSeq: 0, changes: [] }
}

/** The confirmed text of a section as a view has it. */
export function startOf(view: SectionsView | null, section: string): PendingRecord {
  const found = view?.sections.find((one) => one.section === section)
  return startFrom(found?.version ?? 0, found?.text ?? '')
}

/** Takes over what a former tab left behind in this section, or begins with the confirmed text. */
export async function takeUp(ids: ClientIds, store: PendingStore, document: DocumentId, view: () => SectionsView | null): Promise<{ claim: Claim; record: PendingRecord }> {
  for (const pending of store.pending(document)) {
    const claim = await ids.claim(pending.clientId)
    if (!claim) continue
    // Read again under the claim: whoever had it may have gone on in the meantime.
    const record = store.pending(document).find((one) => one.clientId === pending.clientId)?.record
    if (record) return { claim, record }
    claim.release()
  }
  const claim = await ids.fresh()
  return { claim, record: startOf(view(), document.section) }
}
