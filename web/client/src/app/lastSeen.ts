import { clear, createStore, del, entries, get, set, delMany, type UseStore } from 'idb-keyval'
import { shallowRef } from 'vue'

/**
 * What somebody has last seen, kept in this browser so that it can be read without a network (T9): answers of the API as they came, and the views of topics as they
 * were last. Of one account at a time, and nothing of it when that has signed out. A browser that forbids storing loses this and nothing else: no failure here is
 * anybody's error.
 */
interface Kept {
  value: string
  at: string
}

/** Some weeks of one child's book and a class's, and no more. */
const most = 80
/** Written when the screen has come to rest. */
const writeAfter = 500
/** A network that is there and does not answer: after this what was last seen is shown. */
export const patience = 4_000

export const sessionKey = 'session'

let opened: UseStore | undefined
let owner: string | null = null
let written = 0

function store(): UseStore {
  opened ??= createStore('schoolhome-seen', 'views')
  return opened
}

/** Whose views are kept and found from now on; those of anybody else go. */
export function ownLastSeen(account: string | null): void {
  if (owner === account) return
  const before = owner
  owner = account
  if (before !== null || account === null) void quietly(() => clear(store()))
  else void quietly(() => forgetWhere((key) => key !== sessionKey && !key.startsWith(`${account}|`)))
}

/** Everything goes: somebody signed out, or something was taken away from them. */
export async function forgetLastSeen(): Promise<void> {
  await quietly(() => clear(store()))
}

/** Where an answer is kept; null for those that are not. */
export function keyOfAnswer(method: string, address: string): string | null {
  if (method !== 'GET') return null
  const { pathname, search } = new URL(address, location.href)
  if (pathname === '/api/session') return sessionKey
  return pathname.startsWith('/api/book/') ? pathname + search : null
}

export function keep(key: string, value: string): void {
  const whose = owner
  const at = new Date().toISOString()
  setTimeout(() => {
    // Signed out meanwhile.
    if (whose === null || whose !== owner) return
    void quietly(async () => {
      await set(full(key, whose), { value, at } satisfies Kept, store())
      if (++written % 20 === 0) await prune()
    })
  }, writeAfter)
}

export function forget(key: string): void {
  if (owner !== null) void quietly(() => del(full(key, owner ?? ''), store()))
}

export async function recall(key: string): Promise<Kept | null> {
  if (key !== sessionKey && owner === null) return null
  return (await quietly(() => get<Kept>(full(key, owner ?? ''), store()))) ?? null
}

/** The session is found before anybody knows whose it is. */
function full(key: string, whose: string): string {
  return key === sessionKey ? key : `${whose}|${key}`
}

async function prune(): Promise<void> {
  const all = (await entries<string, Kept>(store())).filter(([key]) => key !== sessionKey)
  const old = all.sort(([, a], [, b]) => b.at.localeCompare(a.at)).slice(most)
  await delMany(
    old.map(([key]) => key),
    store(),
  )
}

async function forgetWhere(which: (key: string) => boolean): Promise<void> {
  const all = await entries<string, Kept>(store())
  await delMany(
    all.map(([key]) => key).filter(which),
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
