import { computed, onScopeDispose, shallowRef, triggerRef, watch, type ComputedRef } from 'vue'
import type { ChildDayView, ClassDayView } from '@/api/types'
import type { StoredCommand } from '@/CoEditing/pendingStore'
import { useWaitingCommands, type WaitingCommands, type WaitingState } from '../waitingCommands'
import { batchesOf, levelOf, quickMarks, withChange, type MarkBatch, type MarkChange, type MarkChanges } from './quickMarks'

export interface DayPlace {
  school: string
  class: string
  date: string
}

/** Keys that come one after another on one child's line go out as one command. */
const pause = 600
/** So long what was delivered stands over what the class's day shows: its projection follows the pages a moment later. */
const settles = 10_000

/** Children whose page did not take the marks: it is signed. */
export interface RefusedMarks {
  subject: string
  students: string[]
  code: string
  detail: string
}

interface Settling {
  change: MarkChange
  until: number
}

/**
 * The quick marks of a class's day as this teacher enters them: what is on its way lies over what the school has told, so that a key shows at once what it did. They go out through the waiting queue, for many children in one
 * command where they change alike.
 */
export class ClassMarks {
  private waiting = new Map<string, StoredCommand>()
  private readonly settling = new Map<string, Settling>()

  constructor(
    private readonly place: DayPlace,
    private readonly commands: WaitingCommands,
    private readonly now: () => number = Date.now,
  ) {
    this.look()
  }

  private get prefix(): string {
    return `marks/${this.place.school}/${this.place.class}/${this.place.date}/`
  }

  private subjectOf(student: string): string {
    return `${this.prefix}child/${student}`
  }

  /** What is on its way, child by child; the later word counts. */
  changes(): MarkChanges {
    const all: MarkChanges = new Map([...this.settling].map(([student, one]) => [student, one.change]))
    for (const command of this.commands.under(this.prefix)) {
      if (command.refused) continue
      for (const [student, change] of changesOf(command)) all.set(student, { ...all.get(student), ...change })
    }
    return all
  }

  /** Marks of one child: what still waits for a pause in typing takes them in. */
  set(student: string, change: MarkChange): void {
    const before = this.commands.of(this.subjectOf(student))
    const joined = before && !before.refused && this.commands.stateOf(this.subjectOf(student)) !== 'delivered' ? { ...changesOf(before).get(student), ...change } : change
    this.settling.delete(student)
    this.putOne(student, joined)
    this.look()
  }

  /** Marks of many children. */
  setMany(changes: MarkChanges): void {
    const all: MarkChanges = new Map()
    for (const [student, change] of changes) {
      const subject = this.subjectOf(student)
      const before = this.commands.of(subject)
      const waits = before && !before.refused && this.commands.stateOf(subject) !== 'delivered'
      // Otherwise what waits for a pause would be sent after this, and be the last word.
      if (waits) this.commands.drop(subject)
      all.set(student, { ...(waits ? changesOf(before).get(student) : undefined), ...change })
      this.settling.delete(student)
    }
    for (const batch of batchesOf(all)) this.put(batch)
    this.look()
  }

  stateOf(student: string): WaitingState {
    let state: WaitingState = 'idle'
    for (const command of this.commands.under(this.prefix)) {
      if (command.refused || !changesOf(command).has(student)) continue
      state = this.commands.stateOf(command.subject)
      if (state === 'not-stored') return state
    }
    return state === 'idle' && this.settling.has(student) ? 'delivered' : state
  }

  refused(): RefusedMarks[] {
    return this.commands.under(this.prefix).flatMap((command) =>
      command.refused ? [{ subject: command.subject, students: refusedIn(command), code: command.refused.code, detail: command.refused.detail }] : [],
    )
  }

  seen(refused: RefusedMarks): void {
    this.commands.drop(refused.subject)
  }

  /** The queue has changed: what left it because it was delivered stands until the class's day shows it. */
  look(): void {
    const now = new Map(this.commands.under(this.prefix).map((command) => [command.id, command]))
    for (const [id, command] of this.waiting) {
      const current = now.get(id)
      const isDelivered = !current && this.commands.of(command.subject)?.id === id
      if (!isDelivered && !current?.refused) continue
      const not = current ? refusedIn(current) : []
      for (const [student, change] of changesOf(command)) {
        if (!not.includes(student)) this.settling.set(student, { change: { ...this.settling.get(student)?.change, ...change }, until: this.now() + settles })
      }
    }
    this.waiting = new Map([...now].filter(([, command]) => !command.refused))
  }

  /** What the school shows, or should have shown by now, no longer needs to stand here. True when something fell away. */
  settle(children: readonly ChildDayView[]): boolean {
    const before = this.settling.size
    for (const [student, { change, until }] of this.settling) {
      const child = children.find((one) => one.student === student)
      const shows = child && quickMarks.every((mark) => change[mark] === undefined || levelOf(child, mark) === change[mark])
      if (shows || until <= this.now()) this.settling.delete(student)
    }
    return this.settling.size !== before
  }

  get isSettling(): boolean {
    return this.settling.size > 0
  }

  private putOne(student: string, change: MarkChange): void {
    const [batch] = batchesOf(new Map([[student, change]]))
    if (!batch) return
    const { school, date } = this.place
    this.commands.put({ subject: this.subjectOf(student), line: this.prefix, method: 'PUT', path: `/api/book/pages/${encodeURIComponent(school)}/${encodeURIComponent(student)}/${date}/marks`, body: { marks: batch.marks }, wait: pause })
  }

  private put(batch: MarkBatch): void {
    const [only, second] = batch.children
    if (only !== undefined && second === undefined) return this.putOne(only, Object.fromEntries(batch.marks.map((one) => [one.mark, one.level])))
    const { school, class: theClass, date } = this.place
    this.commands.put({ subject: `${this.prefix}many/${batch.children.join(',')}/${batch.marks.map((one) => one.mark).join(',')}`, line: this.prefix, method: 'PUT', path: `/api/book/days/${encodeURIComponent(school)}/${encodeURIComponent(theClass)}/${date}/marks`, body: batch })
  }
}

function changesOf(command: StoredCommand): MarkChanges {
  const body = command.body as Pick<MarkBatch, 'marks'> & { children?: string[] }
  const change: MarkChange = Object.fromEntries(body.marks.map((one) => [one.mark, one.level]))
  const children = body.children ?? [command.subject.slice(command.subject.lastIndexOf('/') + 1)]
  return new Map(children.map((student) => [student, change]))
}

/** A command for many names those that did not take it; another was refused as a whole. */
function refusedIn(command: StoredCommand): string[] {
  const named = command.refused?.newer ?? []
  return named.length > 0 ? named : command.refused ? [...changesOf(command).keys()] : []
}

export interface MarksOnScreen {
  /** The class's children with the marks that are on their way. */
  readonly children: ComputedRef<ChildDayView[]>
  /** How many children's marks are not on record yet. */
  readonly waiting: ComputedRef<number>
  readonly refused: ComputedRef<RefusedMarks[]>
  stateOf(student: string): WaitingState
  set(student: string, change: MarkChange): void
  setMany(changes: MarkChanges): void
  seen(refused: RefusedMarks): void
}

/** For as long as the calling component lives. */
export function useClassMarks(place: DayPlace, day: () => ClassDayView | null): MarksOnScreen {
  const commands = useWaitingCommands()
  const marks = new ClassMarks(place, commands)
  const seen = shallowRef(marks)
  let timer: ReturnType<typeof setInterval> | undefined

  const settle = (): void => {
    if (marks.settle(day()?.children ?? [])) triggerRef(seen)
    if (!marks.isSettling) {
      clearInterval(timer)
      timer = undefined
    }
  }
  watch(
    commands.seen,
    () => {
      marks.look()
      triggerRef(seen)
      if (marks.isSettling) timer ??= setInterval(settle, 1_000)
    },
    { flush: 'sync' },
  )
  watch(() => day()?.children, settle)
  onScopeDispose(() => clearInterval(timer))

  const changes = computed(() => seen.value.changes())
  return {
    children: computed(() => (day()?.children ?? []).map((child) => withChange(child, changes.value.get(child.student)))),
    waiting: computed(() => [...seen.value.changes().keys()].filter((student) => ['waiting', 'not-stored'].includes(marks.stateOf(student))).length),
    refused: computed(() => seen.value.refused()),
    stateOf: (student) => seen.value.stateOf(student),
    set: (student, change) => marks.set(student, change),
    setMany: (change) => marks.setMany(change),
    seen: (refused) => marks.seen(refused),
  }
}
