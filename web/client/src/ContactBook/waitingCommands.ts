import { shallowRef, triggerRef, type ShallowRef } from 'vue'
import { actingAs, sendStored } from '@/api/client'
import { newOperationId } from '@/api/operationId'
import { Problem } from '@/api/problem'
import type { PendingStore, StoredCommand } from '@/CoEditing/pendingStore'

/** What a writer is told about one thing that they did: as with words (T9), it is on this phone, or on record. */
export type WaitingState = 'idle' | 'waiting' | 'delivered' | 'refused' | 'not-stored'

export interface Commands {
  store(): PendingStore
  send(command: StoredCommand): Promise<void>
  now(): number
  /** Runs `then` after so many milliseconds; returns how to call it off. */
  later(milliseconds: number, then: () => void): () => void
  /** One sender at a time among the tabs of this browser; another tab's sending is as good as one's own. */
  alone(work: () => Promise<void>): Promise<void>
}

const firstRetry = 500
const longestRetry = 15_000
/** So long a delivered command is still told of: the event that shows its effect may come a little after the answer. */
const remembered = 2_000

/** Answers after which the same command can still be taken. */
function isTransient(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 401 || problem.status === 429 || problem.status >= 500 || problem.code === 'other-account'
}

/**
 * Ticks, marks and signatures on their way to the school. Each is stored in this browser before it is sent, so that neither a lost network nor a closed tab loses it, and is sent until the school has
 * answered. What was refused stays until its writer has seen why.
 */
export class WaitingCommands {
  /** Triggered whenever something of this has changed. */
  readonly seen: ShallowRef<this>
  private readonly delivered = new Map<string, StoredCommand>()
  private readonly unstored = new Map<string, StoredCommand>()
  private known: StoredCommand[] | null = null
  private owner: string | undefined
  private sending = false
  private again = false
  private attempts = 0
  private lastPut = 0
  private stopTimer: (() => void) | undefined

  constructor(private readonly ports: Commands) {
    this.seen = shallowRef(this)
  }

  /** Puts a command on its way. A command about the same subject that has not been sent yet is replaced. Returns its operation id. */
  put(command: Pick<StoredCommand, 'subject' | 'line' | 'method' | 'path' | 'body'> & { wait?: number }): string {
    const { wait = 0, ...what } = command
    const store = this.store()
    for (const old of store.commands()) if (old.subject === command.subject) store.removeCommand(old.id)
    this.delivered.delete(command.subject)
    this.unstored.delete(command.subject)
    // What is put later is sent later, also within one millisecond.
    this.lastPut = Math.max(this.ports.now(), this.lastPut + 1)
    const stored: StoredCommand = { ...what, id: newOperationId(), account: store.account, as: actingAs(), at: new Date(this.lastPut).toISOString(), notBefore: this.ports.now() + wait }
    if (!store.saveCommand(stored)) this.unstored.set(stored.subject, stored)
    this.changed()
    this.hurry()
    return stored.id
  }

  /** The command about a subject that waits, was refused, or has just been delivered. */
  of(subject: string): StoredCommand | undefined {
    return this.all().find((one) => one.subject === subject) ?? this.delivered.get(subject)
  }

  stateOf(subject: string): WaitingState {
    const command = this.all().find((one) => one.subject === subject)
    if (!command) return this.delivered.has(subject) ? 'delivered' : 'idle'
    if (command.refused) return 'refused'
    return this.unstored.has(subject) ? 'not-stored' : 'waiting'
  }

  /** All whose subject begins so, the oldest first. */
  under(prefix: string): StoredCommand[] {
    return this.all().filter((one) => one.subject.startsWith(prefix))
  }

  /** Calls a command off that was not sent yet, or takes away one whose refusal was seen. */
  drop(subject: string): void {
    const store = this.store()
    for (const one of store.commands()) if (one.subject === subject) store.removeCommand(one.id)
    this.unstored.delete(subject)
    this.changed()
  }

  /** The network is back, or something new waits. */
  hurry(): void {
    this.attempts = 0
    void this.sendAll()
  }

  /** Another tab of this browser has put, sent or dropped something: should it be gone by the time that it is due, this one sends. */
  look(): void {
    this.changed()
    this.sleep()
  }

  /** What belongs to whoever is signed in now. What the one before could not store stays theirs: it goes with them. */
  private store(): PendingStore {
    const store = this.ports.store()
    if (store.account !== this.owner) {
      this.owner = store.account
      this.known = null
      this.delivered.clear()
      this.unstored.clear()
    }
    return store
  }

  /** Screens ask for each of their rows, again and again: what is stored is read once for every change. */
  private all(): StoredCommand[] {
    const store = this.store()
    this.known ??= [...store.commands(), ...this.unstored.values()]
    return this.known
  }

  private async sendAll(): Promise<void> {
    this.again = true
    if (this.sending) return
    this.sending = true
    try {
      while (this.again) {
        this.again = false
        await this.ports.alone(() => this.sendDue())
      }
    } finally {
      this.sending = false
    }
    this.sleep()
  }

  /** One after the other, so that those of one line keep their order. What cannot be taken at the moment holds up its own line only. */
  private async sendDue(): Promise<void> {
    // Another tab may have sent some of them meanwhile.
    this.known = null
    const heldUp = new Set<string>()
    for (const command of [...this.all()]) {
      const line = command.line ?? command.subject
      if (command.refused || heldUp.has(line) || !this.isStillThere(command)) continue
      if (command.notBefore > this.ports.now()) {
        heldUp.add(line)
        continue
      }
      try {
        await this.ports.send(command)
        if (command.account === this.store().account) this.isDelivered(command)
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem(0, 'fault', '')
        if (isTransient(problem)) {
          this.attempts++
          heldUp.add(line)
          // Without a network, or without a session, the others fare no better.
          if (problem.status === 0 || problem.status === 401) return
          continue
        }
        if (!this.isStillThere(command)) continue
        const newer = Array.isArray(problem.body.newer) ? (problem.body.newer as string[]) : []
        const refused = { ...command, refused: { code: problem.code, detail: problem.detail, newer } }
        if (!this.store().saveCommand(refused)) this.unstored.set(command.subject, refused)
      }
      this.changed()
    }
  }

  private isDelivered(command: StoredCommand): void {
    this.store().removeCommand(command.id)
    if (this.unstored.get(command.subject)?.id === command.id) this.unstored.delete(command.subject)
    this.delivered.set(command.subject, command)
    this.ports.later(remembered, () => {
      if (this.delivered.get(command.subject) === command) this.delivered.delete(command.subject)
      this.changed()
    })
  }

  private sleep(): void {
    this.stopTimer?.()
    this.stopTimer = undefined
    if (this.sending) return
    const waits = this.all().filter((one) => !one.refused)
    if (waits.length === 0) return
    const due = Math.min(...waits.map((one) => one.notBefore)) - this.ports.now()
    const retry = this.attempts === 0 ? 0 : Math.min(firstRetry * 2 ** (this.attempts - 1), longestRetry)
    this.stopTimer = this.ports.later(Math.max(due, retry, 0), () => void this.sendAll())
  }

  private isStillThere(command: StoredCommand): boolean {
    return command.account === this.store().account && this.all().some((one) => one.id === command.id)
  }

  private changed(): void {
    this.known = null
    triggerRef(this.seen)
  }
}

let commands: WaitingCommands | undefined
let storeNow: () => PendingStore

/** The one of this tab. `store` tells, each time, what belongs to whoever is signed in. */
export function openWaitingCommands(store: () => PendingStore): WaitingCommands {
  storeNow = store
  commands ??= new WaitingCommands({
    store: () => storeNow(),
    send: sendStored,
    now: () => Date.now(),
    later: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds)
      return () => clearTimeout(timer)
    },
    alone: async (work) => {
      if ('locks' in navigator && navigator.locks) await navigator.locks.request('schoolhome/waiting', work)
      else await work()
    },
  })
  const opened = commands
  // What another tab has stored, or sent, is shown here too.
  addEventListener('storage', (event) => {
    if (event.key?.startsWith('schoolhome/waiting/')) opened.look()
  })
  addEventListener('online', () => opened.hurry())
  return opened
}

/** What waits, for screens: read through `seen.value`, so that they follow it. */
export function useWaitingCommands(): WaitingCommands {
  if (!commands) throw new Error('Nothing was opened yet: main.ts does that.')
  return commands
}
