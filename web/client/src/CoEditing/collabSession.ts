import { collab, getSyncedVersion, receiveUpdates, sendableUpdates } from '@codemirror/collab'
import { ChangeSet, EditorState, Text, type Extension, type Transaction } from '@codemirror/state'
import type { ChangeSetJson, PushAnswer, PushText, TextSinceAnswer, TextUpdate } from '@/Live/wire'
import type { PendingRecord } from './pendingStore'

/** What a writer is told about their own words. */
export type WordsState = 'idle' | 'pending' | 'slowed' | 'delivered' | 'not-stored'

/** Where the text is shown, or, for words that are only being delivered, just kept. */
export interface TextHost {
  readonly state: EditorState
  /** Each transaction starts from the state that the one before it leads to. */
  dispatch(transactions: readonly Transaction[]): void
  /** False while an input method composes where `transaction` would disturb it (T8). */
  mayApply(transaction: Transaction): boolean
  /** True while half a composition should not be shown to others yet. */
  holdsBack(): boolean
}

export interface SessionPorts {
  push(push: PushText): Promise<PushAnswer>
  textSince(section: string, version: number): Promise<TextSinceAnswer>
  /** The hub says that the topic is not joined. */
  rejoin(): void
  /** Writes what is pending, or takes it away when nothing is; false where it could not be written. */
  save(record: PendingRecord | null): boolean
  /** The authority will not take these words: they are handed back to their writer, and the section is to be read anew (T7). */
  refused(code: string, words: string): void
  changed(): void
  /** Runs `then` after so many milliseconds; returns how to call it off. */
  later(milliseconds: number, then: () => void): () => void
}

/** Letters that come within this time go out together. */
const gather = 30
/** After an answer was lost, ask again: soon, then slower. */
const firstRetry = 250
const longestRetry = 5_000
/** A push without any answer for this long has an unknown outcome. */
const answerTimeout = 10_000
/** An accepted push whose event did not come within this time was missed: fetch it. */
const confirmationTimeout = 2_000
const compositionCheck = 500
/** One push stays below the authority's and the hub's limits; the rest follows in the next one. */
const mostUpdates = 150
const mostCharacters = 60_000
/** Enough to place a cursor that was sent a moment ago. */
const remembered = 300

const tooFast = 'too-fast'
const transient = new Set(['unknown-outcome', tooFast])

/**
 * The writer's side of rules T1–T8 for one section, without a screen and without a network, so that the rules can be
 * tested as they are written. CodeMirror's `collab` holds the version and the unconfirmed updates; this class keeps
 * the conversation with the authority and the copy in the browser's storage.
 */
export class CollabSession {
  private base: Text
  private confirmedSeq: number
  /** The authority has said that it stored our updates up to this `seq`; the stream will confirm them. */
  private acceptedSeq: number
  private readonly held: TextUpdate[] = []
  private readonly recent: ChangeSet[] = []
  private live = false
  private ended = false
  private pushing = false
  private fetching = false
  /** Something is missing here that could not be fetched yet. */
  private missed = false
  private receiving = false
  private attempts = 0
  /** More is written here than is taken at this moment. */
  private slowed = false
  private stored = true
  private delivered = false
  private readonly timers = new Map<'push' | 'answer' | 'confirm' | 'fetch' | 'held', () => void>()
  private host: TextHost | null = null

  constructor(
    readonly section: string,
    readonly clientId: string,
    private readonly start: PendingRecord,
    private readonly ports: SessionPorts,
  ) {
    this.base = toText(start.baseText)
    this.confirmedSeq = start.confirmedSeq
    this.acceptedSeq = start.confirmedSeq
  }

  /** The editor's first state: the confirmed text, and over it the words that were pending when the tab was left (T2). */
  createState(extensions: Extension = []): EditorState {
    let state = EditorState.create({
      doc: this.base,
      extensions: [collab({ startVersion: this.start.version, clientID: this.clientId }), extensions],
    })
    for (const changes of this.start.changes) state = state.update({ changes: ChangeSet.fromJSON(changes) }).state
    return state
  }

  attach(host: TextHost): void {
    this.host = host
    this.save()
  }

  get words(): WordsState {
    if (!this.stored) return 'not-stored'
    if (this.pendingCount > 0) return this.slowed ? 'slowed' : 'pending'
    return this.delivered ? 'delivered' : 'idle'
  }

  get pendingCount(): number {
    return this.host ? sendableUpdates(this.host.state).length : this.start.changes.length
  }

  /** The version up to which the text here is the authority's. */
  get version(): number {
    return this.host ? getSyncedVersion(this.host.state) : this.start.version
  }

  /** The topic is joined: what is pending can go out, and what was missed can be asked for. */
  online(): void {
    this.live = true
    this.attempts = 0
    this.cancel('push')
    if (this.missed) this.fetch()
    else if (this.acceptedSeq > this.confirmedSeq) this.after('confirm', confirmationTimeout, () => this.fetch())
    this.schedulePush(0)
  }

  /** A push whose answer was lost with the connection is repeated with the same ids when it is back (T3). */
  offline(): void {
    this.live = false
    this.setSlowed(false)
    this.cancel('push')
    this.cancel('confirm')
    this.cancel('fetch')
  }

  end(): void {
    this.ended = true
    for (const cancel of this.timers.values()) cancel()
    this.timers.clear()
  }

  /** To be called after every transaction of the editor. */
  transacted(transaction: Transaction): void {
    if (this.receiving || this.ended || !transaction.docChanged) return
    this.save()
    this.schedulePush(gather)
    this.ports.changed()
  }

  /** A composition has ended, or pauses: what waited for it goes on. */
  compositionEnded(): void {
    if (this.ended) return
    this.applyHeld()
    this.schedulePush(0)
  }

  /** Updates from the topic; `version` is the one after the last of them. */
  receive(version: number, updates: readonly TextUpdate[]): void {
    if (this.ended) return
    const first = version - updates.length
    const known = this.version + this.held.length
    if (first > known) {
      this.fetch()
      return
    }
    this.held.push(...updates.slice(known - first))
    this.applyHeld()
  }

  /** The topic handed a whole view, in which this section looks so. What is pending here stays. */
  viewed(version: number, text: string, otherEpoch: boolean): void {
    if (this.ended) return
    const known = this.version + this.held.length
    if (version > known) this.fetch()
    else if (version < known && otherEpoch) this.refuse('text-version-in-future')
    else if (version === known && this.held.length === 0 && !this.base.eq(toText(text))) this.refuse('text-changes-do-not-fit')
  }

  /** Where a position of version `version` is in the text here; null while that version has not come yet. */
  fromVersion(version: number, position: number): number | null {
    const behind = this.version - version
    if (!this.host || behind < 0 || behind > this.recent.length) return null
    let mapped = position
    for (const changes of behind === 0 ? [] : this.recent.slice(-behind)) {
      mapped = changes.mapPos(Math.min(mapped, changes.length), 1)
    }
    const pending = this.pendingChanges()
    return pending.mapPos(Math.min(mapped, pending.length), 1)
  }

  /** Where a position of the text here is in the version that others know. */
  toVersion(position: number): number {
    return this.pendingChanges().invertedDesc.mapPos(position, -1)
  }

  /** What the writer put in that the authority has not confirmed. */
  unsentWords(): string {
    const words: string[] = []
    this.pendingChanges().iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
      if (inserted.length > 0) words.push(inserted.toString())
    })
    return words.join('\n').trim()
  }

  /** Gives the words up to their writer and stops. Also called when the right to write has ended. */
  refuse(code: string): void {
    if (this.ended) return
    const words = this.unsentWords()
    this.end()
    this.ports.refused(code, words)
    this.ports.save(null)
    this.ports.changed()
  }

  private pendingChanges(): ChangeSet {
    const unconfirmed = this.host ? sendableUpdates(this.host.state) : []
    return unconfirmed.reduce((all, update) => all.compose(update.changes), ChangeSet.empty(this.base.length))
  }

  private applyHeld(): void {
    const host = this.host
    if (!host || this.held.length === 0) return
    let applied: number
    try {
      applied = this.apply(host)
    } catch {
      this.refuse('text-changes-do-not-fit')
      return
    }
    this.held.splice(0, applied)
    if (this.held.length > 0) this.after('held', compositionCheck, () => this.applyHeld())
    if (applied === 0) return
    this.save()
    if (this.acceptedSeq <= this.confirmedSeq) this.cancel('confirm')
    this.schedulePush(gather)
    this.ports.changed()
  }

  /**
   * Applies what is held, as far as the host lets it in. One update at a time, as the authority rebases them (T3): composing
   * several could place a pending insertion elsewhere than the authority does. Returns how many went in.
   */
  private apply(host: TextHost): number {
    const transactions: Transaction[] = []
    let { state } = host
    let { base } = this
    for (const update of this.held) {
      const one = { clientID: update.clientId, changes: ChangeSet.fromJSON(update.changes) }
      // This also throws where the update was made for another text.
      const next = one.changes.apply(base)
      const transaction = receiveUpdates(state, [one])
      if (!host.mayApply(transaction)) break
      base = next
      transactions.push(transaction)
      this.recent.push(one.changes)
      state = transaction.state
    }
    for (const update of this.held.slice(0, transactions.length)) {
      if (update.clientId !== this.clientId) continue
      this.confirmedSeq = update.seq
      this.delivered = true
    }
    this.base = base
    this.acceptedSeq = Math.max(this.acceptedSeq, this.confirmedSeq)
    this.recent.splice(0, this.recent.length - remembered)
    if (transactions.length === 0) return 0
    this.receiving = true
    try {
      host.dispatch(transactions)
    } finally {
      this.receiving = false
    }
    return transactions.length
  }

  private schedulePush(delay: number): void {
    if (this.pushing || this.timers.has('push')) return
    this.after('push', delay, () => this.push())
  }

  private push(): void {
    const host = this.host
    if (!host || !this.live || this.pushing || this.ended) return
    const unconfirmed = sendableUpdates(host.state)
    if (unconfirmed.length === 0 || this.confirmedSeq + unconfirmed.length <= this.acceptedSeq) return
    if (host.holdsBack()) {
      this.schedulePush(compositionCheck)
      return
    }
    const changes = firstOf(unconfirmed.map((update) => update.changes.toJSON() as ChangeSetJson))
    // All that fits into one push is accepted already: the rest follows when the stream has confirmed it.
    if (this.confirmedSeq + changes.length <= this.acceptedSeq) return
    const firstSeq = this.confirmedSeq + 1
    const lastSeq = this.confirmedSeq + changes.length
    this.pushing = true
    let answered = false
    const once = (then: () => void): void => {
      if (answered) return
      answered = true
      this.cancel('answer')
      this.pushing = false
      if (!this.ended) then()
    }
    // Never two at once for one document: the next one waits for this one's answer, its loss or its timeout.
    this.after('answer', answerTimeout, () => once(() => this.retry()))
    this.ports.push({ section: this.section, version: getSyncedVersion(host.state), clientId: this.clientId, firstSeq, changes }).then(
      (answer) => once(() => this.answered(answer, lastSeq)),
      () => once(() => this.retry()),
    )
  }

  private answered(answer: PushAnswer, lastSeq: number): void {
    this.setSlowed(!answer.ok && answer.code === tooFast)
    if (answer.ok) {
      this.attempts = 0
      this.acceptedSeq = Math.max(this.acceptedSeq, lastSeq)
      if (this.acceptedSeq > this.confirmedSeq) this.after('confirm', confirmationTimeout, () => this.fetch())
      this.schedulePush(0)
    } else if (transient.has(answer.code)) this.retry()
    else if (answer.code === 'not-joined') {
      this.ports.rejoin()
      this.retry()
    } else this.refuse(answer.code)
  }

  private setSlowed(now: boolean): void {
    if (this.slowed === now) return
    this.slowed = now
    this.ports.changed()
  }

  private retry(): void {
    if (!this.live) return
    const delay = Math.min(firstRetry * 2 ** this.attempts, longestRetry)
    this.attempts++
    this.schedulePush(delay)
  }

  /** Asks for what came since the version here, and for what confirms our own updates. */
  private fetch(): void {
    this.missed = true
    if (this.fetching || !this.live || this.ended) return
    this.fetching = true
    this.missed = false
    this.cancel('fetch')
    const since = this.version + this.held.length
    this.ports.textSince(this.section, since).then(
      (answer) => {
        this.fetching = false
        if (this.ended) return
        if (answer.ok) this.receive(answer.version, answer.updates)
        else if (transient.has(answer.code)) this.after('fetch', firstRetry, () => this.fetch())
        else if (answer.code === 'not-joined') this.ports.rejoin()
        else this.refuse(answer.code)
        if (this.acceptedSeq > this.confirmedSeq && !this.timers.has('confirm')) {
          this.after('confirm', confirmationTimeout, () => this.fetch())
        }
      },
      () => {
        this.fetching = false
        this.missed = true
        if (this.live && !this.ended) this.after('fetch', firstRetry * 4, () => this.fetch())
      },
    )
  }

  private save(): void {
    const host = this.host
    if (!host || this.ended) return
    const unconfirmed = sendableUpdates(host.state)
    this.stored = this.ports.save(
      unconfirmed.length === 0
        ? null
        : {
            version: getSyncedVersion(host.state),
            baseText: this.base.toString(),
            confirmedSeq: this.confirmedSeq,
            changes: unconfirmed.map((update) => update.changes.toJSON() as ChangeSetJson),
          },
    )
  }

  private after(what: 'push' | 'answer' | 'confirm' | 'fetch' | 'held', delay: number, then: () => void): void {
    this.cancel(what)
    if (this.ended) return
    this.timers.set(
      what,
      this.ports.later(delay, () => {
        this.timers.delete(what)
        then()
      }),
    )
  }

  private cancel(what: 'push' | 'answer' | 'confirm' | 'fetch' | 'held'): void {
    this.timers.get(what)?.()
    this.timers.delete(what)
  }
}

/** The stored text has plain line feeds only; CodeMirror would also split at other breaks, and lengths would differ. */
function toText(text: string): Text {
  return Text.of(text.split('\n'))
}

/** As many updates from the first on as one push takes. */
function firstOf(changes: ChangeSetJson[]): ChangeSetJson[] {
  let characters = 0
  let count = 0
  for (const change of changes) {
    characters += JSON.stringify(change).length
    if (count > 0 && (count >= mostUpdates || characters > mostCharacters)) break
    count++
  }
  return changes.slice(0, count)
}
