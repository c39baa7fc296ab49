import type { ChangeSetJson } from '@/Live/wire'

/** A document within the product: one section of one topic. */
export interface DocumentId {
  topic: string
  section: string
}

/**
 * The words of one writer, in one tab, in one section, that the school has not confirmed yet. It is enough to go on
 * exactly where the tab stopped: the text they are based on, its version, and the changes with their `(clientId, seq)`.
 */
export interface PendingRecord {
  version: number
  baseText: string
  /** How many updates of this client the stream has confirmed; the first of `changes` has the next `seq` (T2). */
  confirmedSeq: number
  changes: ChangeSetJson[]
}

/** Words that could not be stored, kept for their writer until they are put back or thrown away (T7). */
export interface KeptWords extends DocumentId {
  id: string
  words: string
  code: string
  at: string
}

/** A command that the school has not answered yet, or has refused. It is sent again with the same id, which has no second effect (C1). */
export interface StoredCommand {
  /** The operation id. */
  id: string
  /** Whose it is: it is sent as theirs, or not at all. */
  account: string
  /** In which role it was done: `family` or `staff`. */
  as: string
  /** What it decides, e.g. `tick/page/s01/0042/2026-11-24/…`: a newer command about the same takes the place of one that waits. */
  subject: string
  /** Commands of one line are sent one after the other, each only when the one before it was answered; without one, those about the same subject. */
  line?: string
  method: 'PUT' | 'POST' | 'DELETE'
  path: string
  body: unknown
  at: string
  /** Not to be sent before this, in milliseconds since 1970: until then it can be called off (S3). */
  notBefore: number
  /** What the school said against it; such a command is kept until its writer has seen that. */
  refused?: { code: string; detail: string; newer: string[] }
}

export interface StoredPending extends DocumentId {
  clientId: string
  record: PendingRecord
}

/** The authority takes no longer text; better to stop at this length than to have the words come back. */
export const longest = 20_000

const root = 'schoolhome'
const everything = ['pending', 'kept', 'waiting', 'begun'] as const

/** What this browser keeps for one account; everything is written synchronously, so that a closed tab loses nothing. */
export class PendingStore {
  constructor(
    readonly account: string,
    private readonly storage: Storage,
  ) {}

  /** False where the browser has no room or forbids storing. */
  save(document: DocumentId, clientId: string, record: PendingRecord): boolean {
    return this.write(this.pendingKey(document, clientId), record)
  }

  remove(document: DocumentId, clientId: string): void {
    this.storage.removeItem(this.pendingKey(document, clientId))
  }

  /** All that is pending of this account, or of one document. */
  pending(document?: DocumentId): StoredPending[] {
    const prefix = this.prefix('pending')
    const found: StoredPending[] = []
    for (const key of this.keys(prefix)) {
      const parts = key.slice(prefix.length).split('/')
      const clientId = parts.pop()
      const section = parts.pop()
      const topic = parts.join('/')
      if (!clientId || !section || !topic) continue
      if (document && (document.topic !== topic || document.section !== section)) continue
      const record = this.read<PendingRecord>(key)
      if (record && isPendingRecord(record)) found.push({ topic, section, clientId, record })
    }
    return found
  }

  /** Puts words aside in the place of the pending record that they come from; where storage is full, the record makes room first. */
  putAside(document: { topic: string; section: string }, clientId: string, words: KeptWords): void {
    if (this.keep(words)) return
    this.remove(document, clientId)
    this.keep(words)
  }

  keep(words: KeptWords): boolean {
    return this.write(this.prefix('kept') + words.id, words)
  }

  /** Of one topic, or all. */
  kept(topic?: string): KeptWords[] {
    return this.keys(this.prefix('kept'))
      .map((key) => this.read<KeptWords>(key))
      .filter((words): words is KeptWords => words !== null && (topic === undefined || words.topic === topic))
      .sort((a, b) => a.at.localeCompare(b.at))
  }

  discard(id: string): void {
    this.storage.removeItem(this.prefix('kept') + id)
  }

  /** False where the browser has no room or forbids storing. */
  saveCommand(command: StoredCommand): boolean {
    return this.write(this.prefix('waiting') + command.id, command)
  }

  removeCommand(id: string): void {
    this.storage.removeItem(this.prefix('waiting') + id)
  }

  /** The oldest first. */
  commands(): StoredCommand[] {
    return this.keys(this.prefix('waiting'))
      .map((key) => this.read<StoredCommand>(key))
      .filter((command): command is StoredCommand => command !== null && typeof command.id === 'string' && typeof command.path === 'string')
      .sort((a, b) => a.at.localeCompare(b.at))
  }

  /** Words that somebody has begun to type and not sent; '' for none. */
  begun(what: string): string {
    return this.read<string>(this.prefix('begun') + what) ?? ''
  }

  /** Keeps them until they are sent or given up: then `words` is ''. */
  saveBegun(what: string, words: string): void {
    const key = this.prefix('begun') + what
    if (words === '') this.storage.removeItem(key)
    else this.write(key, words)
  }

  get isEmpty(): boolean {
    return everything.every((kind) => this.keys(this.prefix(kind)).length === 0)
  }

  /** At sign-out: nothing of this account stays on the device (T9). */
  clear(): void {
    for (const kind of everything) {
      for (const key of this.keys(this.prefix(kind))) this.storage.removeItem(key)
    }
  }

  private prefix(kind: (typeof everything)[number]): string {
    return `${root}/${kind}/${this.account}/`
  }

  private pendingKey(document: DocumentId, clientId: string): string {
    return `${this.prefix('pending')}${document.topic}/${document.section}/${clientId}`
  }

  private keys(prefix: string): string[] {
    const keys: string[] = []
    for (let i = 0; i < this.storage.length; i++) {
      const key = this.storage.key(i)
      if (key?.startsWith(prefix)) keys.push(key)
    }
    return keys.sort()
  }

  private write(key: string, value: unknown): boolean {
    try {
      this.storage.setItem(key, JSON.stringify(value))
      return true
    } catch {
      return false
    }
  }

  private read<T>(key: string): T | null {
    const text = this.storage.getItem(key)
    if (text === null) return null
    try {
      return JSON.parse(text) as T
    } catch {
      return null
    }
  }
}

function isPendingRecord(record: PendingRecord): boolean {
  return (
    Number.isInteger(record.version) &&
    typeof record.baseText === 'string' &&
    Number.isInteger(record.confirmedSeq) &&
    Array.isArray(record.changes) &&
    record.changes.length > 0
  )
}
