import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { BookPageView, ItemTick } from '@/api/types'
import type { KeptWords, StoredCommand } from '@/CoEditing/pendingStore'
import { useSessionStore } from '@/People/session'
import { useWaitingCommands, type WaitingState } from '../waitingCommands'
import { signatureWait, snapshotOf, type SeenVersions, type Snapshot } from './signing'

type Place = Pick<BookPageView, 'topic' | 'school' | 'student' | 'date'>

function pathOf(page: Place): string {
  return `/api/book/pages/${page.school}/${page.student}/${page.date}`
}

export interface Ticks {
  /** What waits to be sent included. */
  isTicked(item: string): boolean
  stateOf(item: string): WaitingState
  /** Who ticked it, once that is on record. */
  by(item: string): ItemTick | undefined
  toggle(item: string): void
  /** Why a tick was not taken; empty where none was refused. */
  refusal(item: string): string
  /** The writer has seen why. */
  forget(item: string): void
}

/** The ticks of one page: each is shown at once, kept in this browser, and sent when that is possible. */
export function useTicks(page: () => BookPageView | null): Ticks {
  const commands = useWaitingCommands()
  const subject = (item: string): string => `tick/${page()?.topic ?? ''}/${item}`
  const by = (item: string): ItemTick | undefined => page()?.ticks.find((one) => one.item === item)
  const waiting = (item: string): StoredCommand | undefined => commands.seen.value.of(subject(item))
  /** What was tapped here while the page stood at `n`: the answer may come before the event that shows it, and without a live connection no event comes. */
  const tapped = new Map<string, { ticked: boolean; epoch: string; n: number }>()
  const isTicked = (item: string): boolean => {
    const command = waiting(item)
    if (command?.refused) return by(item) !== undefined
    if (command) return (command.body as { ticked: boolean }).ticked
    const here = tapped.get(item)
    const now = page()
    return here && now && here.epoch === now.epoch && here.n === now.n ? here.ticked : by(item) !== undefined
  }
  return {
    by,
    isTicked,
    stateOf: (item) => commands.seen.value.stateOf(subject(item)),
    toggle(item) {
      const now = page()
      if (!now) return
      const ticked = !isTicked(item)
      tapped.set(item, { ticked, epoch: now.epoch, n: now.n })
      commands.put({ subject: subject(item), method: 'PUT', path: `${pathOf(now)}/ticks/${item}`, body: { ticked } })
    },
    refusal: (item) => waiting(item)?.refused?.detail ?? '',
    forget(item) {
      tapped.delete(item)
      commands.drop(subject(item))
    },
  }
}

/** What a tab remembers of pages at the moment when they were signed: only for telling exactly what came after. */
const snapshots = new Map<string, Snapshot>()

export interface Signing {
  /** The signature that waits, is on its way, or was refused. */
  readonly command: ComputedRef<StoredCommand | undefined>
  readonly state: ComputedRef<WaitingState>
  readonly seen: ComputedRef<SeenVersions | null>
  readonly snapshot: ComputedRef<Snapshot | undefined>
  sign(page: BookPageView, seen: SeenVersions): void
  /** Within the ten seconds (S3), or after a refusal was looked at. */
  callOff(): void
}

/** One's own signature on its way: it waits ten seconds, which pass although the page is left (S3). */
export function useSigning(topic: string): Signing {
  const commands = useWaitingCommands()
  const subject = `sign/${topic}`
  const command = computed(() => commands.seen.value.of(subject))
  return {
    command,
    state: computed(() => commands.seen.value.stateOf(subject)),
    seen: computed(() => (command.value?.body as { seen: SeenVersions } | undefined)?.seen ?? null),
    snapshot: computed(() => (command.value ? snapshots.get(command.value.id) : undefined)),
    sign(page, seen) {
      const id = commands.put({ subject, method: 'POST', path: `${pathOf(page)}/signatures`, body: { seen }, wait: signatureWait })
      snapshots.clear()
      snapshots.set(id, snapshotOf(page))
    },
    callOff: () => commands.drop(subject),
  }
}

/** Something that was added to a sealed section and is not on record yet. */
export interface WaitingAddendum {
  subject: string
  section: string
  text: string
  state: WaitingState
  refusal: string
}

export interface Addenda {
  readonly waiting: ComputedRef<WaitingAddendum[]>
  add(page: Place, section: string, text: string): void
  forget(subject: string): void
}

/** Addenda go the way of all commands: kept here until the school has them. */
export function useAddenda(topic: string): Addenda {
  const commands = useWaitingCommands()
  const prefix = `addendum/${topic}/`
  let count = 0
  return {
    waiting: computed(() =>
      commands.seen.value.under(prefix).map((one) => {
        const body = one.body as { section: string; text: string }
        return { subject: one.subject, section: body.section, text: body.text, state: commands.stateOf(one.subject), refusal: one.refused?.detail ?? '' }
      }),
    ),
    add: (page, section, text) =>
      void commands.put({ subject: `${prefix}${Date.now()}-${++count}`, method: 'POST', path: `${pathOf(page)}/addenda`, body: { section, text } }),
    forget: (subject) => commands.drop(subject),
  }
}

/** How often the browser's storage is looked at, for it tells nobody of its changes within a tab. */
const lookEvery = 500

/** One's own words of one page in this browser: whether some are on their way, and which could not be stored. */
export function useWordsHere(topic: string): { readonly onTheirWay: Ref<boolean>; readonly kept: ShallowRef<KeptWords[]>; discard(id: string): void } {
  const session = useSessionStore()
  const onTheirWay = ref(false)
  const kept = shallowRef<KeptWords[]>([])
  const look = (): void => {
    const { store } = session
    onTheirWay.value = store.pending().some((one) => one.topic === topic)
    const found = store.kept(topic)
    if (found.map((one) => one.id).join() !== kept.value.map((one) => one.id).join()) kept.value = found
  }
  const timer = setInterval(look, lookEvery)
  onScopeDispose(() => clearInterval(timer))
  look()
  return {
    onTheirWay,
    kept,
    discard(id) {
      session.store.discard(id)
      look()
    },
  }
}

/** The present, for what counts down: it ticks only while `runs`. */
export function useNow(runs: () => boolean): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => {
    if (runs()) now.value = Date.now()
  }, 200)
  onScopeDispose(() => clearInterval(timer))
  return now
}
