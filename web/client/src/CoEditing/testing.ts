/** What the tests of this folder share: an authority, a clock that is moved by hand, a storage, an editor without a screen. */
import { rebaseUpdates, type Update } from '@codemirror/collab'
import { ChangeSet, Text, type EditorState, type Transaction } from '@codemirror/state'
import type { ChangeSetJson, PushAnswer, PushText, TextSinceAnswer, TextUpdate } from '@/Live/wire'
import { CollabSession, type TextHost } from './collabSession'
import type { PendingRecord } from './pendingStore'

export class FakeStorage implements Storage {
  private readonly items = new Map<string, string>()
  full = false

  get length(): number {
    return this.items.size
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException('full', 'QuotaExceededError')
    this.items.set(key, value)
  }

  removeItem(key: string): void {
    this.items.delete(key)
  }

  clear(): void {
    this.items.clear()
  }
}

/** Time goes on only when a test says so. */
export class FakeClock {
  private now = 0
  private waiting: { at: number; then: () => void }[] = []

  readonly later = (milliseconds: number, then: () => void): (() => void) => {
    const one = { at: this.now + milliseconds, then }
    this.waiting.push(one)
    return () => {
      this.waiting = this.waiting.filter((other) => other !== one)
    }
  }

  /** Lets time go on; whatever was answered meanwhile is heard in between. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds
    await settled()
    for (;;) {
      const next = this.waiting.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.waiting = this.waiting.filter((one) => one !== next)
      this.now = next.at
      next.then()
      await settled()
    }
    this.now = end
  }
}

/** Lets everything that is resolved be heard. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

/** The authority of T1–T7 for one section, over `rebaseUpdates` itself. */
export class FakeAuthority {
  text = Text.of([''])
  readonly updates: TextUpdate[] = []
  readonly pushes: PushText[] = []
  private readonly watchers = new Set<(version: number, updates: TextUpdate[]) => void>()

  get version(): number {
    return this.updates.length
  }

  watch(watcher: (version: number, updates: TextUpdate[]) => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  push(push: PushText): PushAnswer {
    this.pushes.push(push)
    if (push.version > this.version) return { ok: false, code: 'text-version-in-future' }
    const known = this.updates.filter((update) => update.clientId === push.clientId).at(-1)?.seq ?? 0
    if (push.firstSeq > known + 1) return { ok: false, code: 'text-sequence-gap' }
    const over = this.updates.slice(push.version).map((update) => ({ clientID: update.clientId, changes: ChangeSet.fromJSON(update.changes) }))
    // `rebaseUpdates` skips by client; those that were accepted before the push's own base are dropped here.
    const overOwn = over.filter((update) => update.clientID === push.clientId).length
    const behind = Math.max(0, known - push.firstSeq + 1 - overOwn)
    const pushed = push.changes.slice(behind).map((changes) => ({ clientID: push.clientId, changes: ChangeSet.fromJSON(changes) }))
    // One accepted update at a time (T3).
    const rebased = over.reduce<readonly Update[]>((pending, one) => rebaseUpdates(pending, [one]), pushed)
    const fresh: TextUpdate[] = []
    let seq = known
    try {
      for (const update of rebased) {
        this.text = update.changes.apply(this.text)
        fresh.push({ clientId: push.clientId, seq: ++seq, changes: update.changes.toJSON() as ChangeSetJson })
      }
    } catch {
      return { ok: false, code: 'text-changes-do-not-fit' }
    }
    this.updates.push(...fresh)
    if (fresh.length > 0) for (const watcher of this.watchers) watcher(this.version, fresh)
    return { ok: true, version: this.version }
  }

  since(version: number): TextSinceAnswer {
    if (version > this.version) return { ok: false, code: 'text-version-in-future' }
    return { ok: true, version: this.version, updates: this.updates.slice(version) }
  }
}

export class FakeHost implements TextHost {
  composing = false

  constructor(
    public state: EditorState,
    private readonly session: CollabSession,
  ) {}

  dispatch(transactions: readonly Transaction[]): void {
    for (const transaction of transactions) {
      this.state = transaction.state
      this.session.transacted(transaction)
    }
  }

  mayApply(transaction: Transaction): boolean {
    return !this.composing || !transaction.docChanged
  }

  holdsBack(): boolean {
    return this.composing
  }

  get text(): string {
    return this.state.doc.toString()
  }

  type(at: number, words: string): void {
    this.dispatch([this.state.update({ changes: { from: at, insert: words } })])
  }
}

/** One tab with one section open, and a network that can be made to misbehave. */
export class Tab {
  readonly session: CollabSession
  readonly host: FakeHost
  /** What the next pushes meet: the answer comes, it is lost after the push arrived, the push is lost on its way, or the server does not know. */
  network: 'fine' | 'answers-lost' | 'cut' | 'unknown-outcome' | 'silent' = 'fine'
  streaming = true
  stored: PendingRecord | null = null
  refused: { code: string; words: string } | null = null
  rejoined = 0
  underWay = 0
  mostUnderWay = 0
  canStore = true
  private readonly missed: [number, TextUpdate[]][] = []
  private readonly stop: () => void

  constructor(
    readonly authority: FakeAuthority,
    readonly clock: FakeClock,
    readonly clientId: string,
    start: PendingRecord,
  ) {
    this.session = new CollabSession('words', clientId, start, {
      push: (push) => this.push(push),
      textSince: (_section, version) =>
        this.network === 'cut' ? Promise.reject(new Error('cut')) : Promise.resolve(this.authority.since(version)),
      rejoin: () => void this.rejoined++,
      save: (record) => {
        if (this.canStore) this.stored = record && (JSON.parse(JSON.stringify(record)) as PendingRecord)
        return this.canStore
      },
      refused: (code, words) => (this.refused = { code, words }),
      changed: () => undefined,
      later: clock.later,
    })
    this.host = new FakeHost(this.session.createState(), this.session)
    this.session.attach(this.host)
    this.stop = authority.watch((version, updates) => {
      if (this.streaming && this.network !== 'cut') this.session.receive(version, updates)
      else this.missed.push([version, updates])
    })
  }

  /** The events that did not come through come now. */
  catchUp(): void {
    this.streaming = true
    for (const [version, updates] of this.missed.splice(0)) this.session.receive(version, updates)
  }

  /** The tab is gone, as if killed: nothing but what it had stored is left. */
  kill(): PendingRecord | null {
    this.stop()
    this.session.end()
    return this.stored
  }

  private async push(push: PushText): Promise<PushAnswer> {
    this.underWay++
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    try {
      // As over a real wire: what is pushed arrives as the letters that it was then, and later.
      const sent = JSON.parse(JSON.stringify(push)) as PushText
      await Promise.resolve()
      switch (this.network) {
        case 'cut':
          throw new Error('cut')
        case 'silent':
          return await new Promise<PushAnswer>(() => undefined)
        case 'answers-lost':
          this.authority.push(sent)
          throw new Error('lost')
        case 'unknown-outcome':
          this.authority.push(sent)
          return { ok: false, code: 'unknown-outcome' }
        case 'fine':
          return this.authority.push(sent)
      }
    } finally {
      this.underWay--
    }
  }
}
