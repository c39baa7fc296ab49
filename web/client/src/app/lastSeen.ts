import { clear, createStore, del, delMany, entries, get, set, type UseStore } from 'idb-keyval'
import { shallowRef } from 'vue'

/**
 * What somebody has last seen, kept in this browser so that it can be read without a network (T9): answers of the API as they came, and the views of topics as they
 * were last. Of one account at a time, and nothing of it when that has signed out. A browser that forbids storing loses this and nothing else: no failure here is
 * anybody's error.
 */
interface Kept {
  value: string
  at: string
  /** The account that saw it. */
  whose: string
}

/**
 * Whose views are kept. Who asks takes it along, and hands it over with the answer: when somebody else has signed in meanwhile, or everything had to go, it is
 * no longer the present one, and the answer is for nobody.
 */
export interface Owner {
  readonly account: string
}

/** Some weeks of one child's book and a class's, and no more. */
const most = 80
/** Written when the screen has come to rest. */
const writeAfter = 500
/** A device that has not reached the school for so long may have been signed out long ago, or lost: what it keeps is not shown any more. */
const longest = 14 * 24 * 3_600_000
/** A network that is there and does not answer: after this what was last seen is shown. */
export const patience = 4_000

export const sessionKey = 'session'

let opened: UseStore | undefined
/** Undefined until a start of the app has learnt who is signed in. */
let owner: Owner | null | undefined
let written = 0

function store(): UseStore {
  opened ??= createStore('schoolhome-seen', 'views')
  return opened
}

/** Whose views are kept and found from now on; those of anybody else go, and with nobody there all of them. */
export function ownLastSeen(account: string | null): void {
  if (account === null) {
    // Also where nobody was known: at a start the session has ended long ago perhaps, and what was kept is still there.
    owner = null
    void quietly(() => clear(store()))
    return
  }
  if (owner?.account === account) return
  owner = { account }
  void quietly(async () => {
    await forgetWhere((kept) => kept.whose !== account)
    await prune()
  })
}

export function lastSeenOwner(): Owner | null {
  return owner ?? null
}

/** Everything goes, and what is on its way is not kept either: somebody signed out, or something was taken away from them. */
export async function forgetLastSeen(): Promise<void> {
  if (owner) owner = { account: owner.account }
  await quietly(() => clear(store()))
}

/** A search and a print are of the moment, and long: they would take the place of the days that are read. */
const ofTheMoment = /^\/api\/book\/children\/[^/]+\/[^/]+\/(search|days)$/

/** Where an answer is kept; null for those that are not. */
export function keyOfAnswer(method: string, address: string): string | null {
  if (method !== 'GET') return null
  const { pathname, search } = new URL(address)
  return pathname.startsWith('/api/book/') && !ofTheMoment.test(pathname) ? pathname + search : null
}

export function keep(key: string, value: string, whose: Owner | null): void {
  if (whose === null || whose !== owner) return
  const at = new Date().toISOString()
  setTimeout(() => {
    // Signed out meanwhile.
    if (whose !== owner) return
    void quietly(async () => {
      await set(full(key, whose), { value, at, whose: whose.account } satisfies Kept, store())
      if (++written % 20 === 0) await prune()
    })
  }, writeAfter)
}

export function forget(key: string, whose: Owner | null): void {
  if (whose !== null && whose === owner) void quietly(() => del(full(key, whose), store()))
}

export async function recall(key: string, whose: Owner | null): Promise<Kept | null> {
  if (whose === null) return null
  const place = full(key, whose)
  const kept = await quietly(() => get<Kept>(place, store()))
  if (!kept || kept.whose !== whose.account || whose !== owner) return null
  if (!isTooOld(kept)) return kept
  await quietly(() => del(place, store()))
  return null
}

/** Who was signed in last, for a start at which that cannot be asked. */
export async function recallSession(): Promise<Kept | null> {
  const kept = await quietly(() => get<Kept>(sessionKey, store()))
  if (!kept || owner === null || (owner && owner.account !== kept.whose)) return null
  if (!isTooOld(kept)) return kept
  await quietly(() => clear(store()))
  return null
}

/** The session is found before anybody knows whose it is. */
function full(key: string, whose: Owner): string {
  return key === sessionKey ? key : `${whose.account}|${key}`
}

function isTooOld(kept: Kept): boolean {
  // What has no time that can be read is not shown either.
  return !(Date.now() - Date.parse(kept.at) < longest)
}

async function prune(): Promise<void> {
  await forgetWhere(isTooOld)
  const all = (await entries<string, Kept>(store())).filter(([key]) => key !== sessionKey)
  const old = all.sort(([, a], [, b]) => b.at.localeCompare(a.at)).slice(most)
  await delMany(
    old.map(([key]) => key),
    store(),
  )
}

async function forgetWhere(which: (kept: Kept) => boolean): Promise<void> {
  const all = await entries<string, Kept>(store())
  await delMany(
    all.filter(([, kept]) => which(kept)).map(([key]) => key),
    store(),
  )
}

async function quietly<T>(what: () => Promise<T>): Promise<T | undefined> {
  try {
    return await what()
  } catch {
    return undefined
  }
}

// Which values on the screens are not live.

const times = new WeakMap<object, string>()

/** Remembers of an answer's value when it was really fetched. */
export function noteSeen(value: unknown, at: string): void {
  if (typeof value === 'object' && value !== null) times.set(value, at)
}

/** When a value, or the oldest part that it is put together from, was last seen; null where it is fresh. */
export function seenAt(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const own = times.get(value)
  const parts = Object.values(value).flatMap((part) => (typeof part === 'object' && part !== null ? (times.get(part as object) ?? []) : []))
  return [...(own ? [own] : []), ...parts].sort()[0] ?? null
}

/** What the screens show from here just now, each with its time. */
const shown = shallowRef<ReadonlyMap<symbol, string>>(new Map())

export function showSeen(screen: symbol, at: string | null): void {
  if ((shown.value.get(screen) ?? null) === at) return
  const next = new Map(shown.value)
  if (at === null) next.delete(screen)
  else next.set(screen, at)
  shown.value = next
}

/** The oldest of it; null where all that is shown is live. */
export function oldestShown(): string | null {
  return [...shown.value.values()].sort()[0] ?? null
}
