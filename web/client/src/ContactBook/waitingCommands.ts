import { shallowRef, triggerRef, type ShallowRef } from 'vue'
import { sendStored } from '@/api/client'
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
  return problem.status === 0 || problem.status === 401 || problem.status === 429 || problem.status >= 500
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
  private sending = false
  private again = false
  private attempts = 0
  private lastPut = 0
  private stopTimer: (() => void) | undefined

  constructor(private readonly ports: Commands) {
    this.seen = shallowRef(this)
  }

  /** Puts a command on its way. A command about the same subject that has not been sent yet is replaced. Returns its operation id. */
  put(command: Pick<StoredCommand, 'subject' | 'method' | 'path' | 'body'> & { wait?: number }): string {
    const { wait = 0, ...what } = command
    for (const old of this.ports.store().commands()) if (old.subject === command.subject) this.ports.store().removeCommand(old.id)
    this.delivered.delete(command.subject)
    this.unstored.delete(command.subject)
    // What is put later is sent later, also within one millisecond.
    this.lastPut = Math.max(this.ports.now(), this.lastPut + 1)
    const stored: StoredCommand = { ...what, id: newOperationId(), at: new Date(this.lastPut).toISOString(), notBefore: this.ports.now() + wait }
    if (!this.ports.store().saveCommand(stored)) this.unstored.set(stored.subject, stored)
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
    for (const one of this.ports.store().commands()) if (one.subject === subject) this.ports.store().removeCommand(one.id)
    this.unstored.delete(subject)
    this.changed()
  }

  /** The network is back, or something new waits. */
  hurry(): void {
    this.attempts = 0
    void this.sendAll()
  }

  private all(): StoredCommand[] {
    return [...this.ports.store().commands(), ...this.unstored.values()]
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

  /** One after the other, so that two commands about one thing keep their order. */
  private async sendDue(): Promise<void> {
    for (const command of this.all()) {
      if (command.refused || command.notBefore > this.ports.now() || !this.isStillThere(command)) continue
      try {
        await this.ports.send(command)
        this.forget(command)
        this.delivered.set(command.subject, command)
        this.ports.later(remembered, () => {
          if (this.delivered.get(command.subject) === command) this.delivered.delete(command.subject)
          this.changed()
        })
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem(0, 'fault', '')
        if (isTransient(problem)) {
          this.attempts++
          return
        }
        if (!this.isStillThere(command)) continue
        const newer = Array.isArray(problem.body.newer) ? (problem.body.newer as string[]) : []
        const refused = { ...command, refused: { code: problem.code, detail: problem.detail, newer } }
        if (!this.ports.store().saveCommand(refused)) this.unstored.set(command.subject, refused)
      }
      this.changed()
    }
  }

  private sleep(): void {
    this.stopTimer?.()
    this.stopTimer = undefined
    const waits = this.all().filter((one) => !one.refused)
    if (waits.length === 0) return
    const due = Math.min(...waits.map((one) => one.notBefore)) - this.ports.now()
    const retry = this.attempts === 0 ? 0 : Math.min(firstRetry * 2 ** (this.attempts - 1), longestRetry)
    this.stopTimer = this.ports.later(Math.max(due, retry, 0), () => void this.sendAll())
  }

  private isStillThere(command: StoredCommand): boolean {
    return this.all().some((one) => one.id === command.id)
  }

  private forget(command: StoredCommand): void {
    this.ports.store().removeCommand(command.id)
    if (this.unstored.get(command.subject)?.id === command.id) this.unstored.delete(command.subject)
  }

  private changed(): void {
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
    if (event.key?.startsWith('schoolhome/waiting/')) triggerRef(opened.seen)
  })
  addEventListener('online', () => opened.hurry())
  return opened
}

/** What waits, for screens: read through `seen.value`, so that they follow it. */
export function useWaitingCommands(): WaitingCommands {
  if (!commands) throw new Error('Nothing was opened yet: main.ts does that.')
  return commands
}
