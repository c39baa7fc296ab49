import { describe, expect, test } from 'vitest'
import { AskedClientIds, LockedClientIds, newId } from './clientIds'
import { PendingStore } from './pendingStore'
import { FakeStorage } from './testing'

const document = { topic: 'page/s01/0042/2026-11-23', section: 'words' }
const record = { version: 3, baseText: '您好', confirmedSeq: 2, changes: [[2, [0, '！']]] as never }

describe('what a browser keeps', () => {
  test('T2: a pending record comes back as it was, for its own document only', () => {
    const store = new PendingStore('a1', new FakeStorage())
    expect(store.save(document, 'tab-1', record)).toBe(true)
    expect(store.pending(document)).toEqual([{ ...document, clientId: 'tab-1', record }])
    expect(store.pending({ ...document, section: 'study-at-home' })).toEqual([])
    expect(store.pending()).toHaveLength(1)
    store.remove(document, 'tab-1')
    expect(store.isEmpty).toBe(true)
  })

  test('T9: another account on the same device sees nothing, and signing out clears its own only', () => {
    const storage = new FakeStorage()
    const mother = new PendingStore('a1', storage)
    const father = new PendingStore('a2', storage)
    mother.save(document, 'tab-1', record)
    mother.keep({ ...document, id: 'k1', words: '请假', code: 'forbidden', at: '2026-11-23T08:00:00Z' })
    expect(father.pending()).toEqual([])
    expect(father.kept(document.topic)).toEqual([])
    father.save(document, 'tab-2', record)
    mother.clear()
    expect(mother.isEmpty).toBe(true)
    expect(father.pending()).toHaveLength(1)
  })

  test('T7: words that were put aside stay until their writer throws them away', () => {
    const store = new PendingStore('a1', new FakeStorage())
    store.keep({ ...document, id: 'k1', words: '请假', code: 'forbidden', at: '2026-11-23T08:00:00Z' })
    expect(store.kept(document.topic).map((one) => one.words)).toEqual(['请假'])
    store.discard('k1')
    expect(store.kept()).toEqual([])
  })

  test('words that are begun are kept until they are sent, and go with their account', () => {
    const storage = new FakeStorage()
    const store = new PendingStore('a1', storage)
    store.saveBegun('sheet/s01/2024-2/2026-11-24', '口算')
    expect(new PendingStore('a1', storage).begun('sheet/s01/2024-2/2026-11-24')).toBe('口算')
    expect(new PendingStore('a2', storage).begun('sheet/s01/2024-2/2026-11-24')).toBe('')
    expect(store.isEmpty).toBe(false)
    store.saveBegun('sheet/s01/2024-2/2026-11-24', '')
    expect(store.isEmpty).toBe(true)
    store.saveBegun('addendum/page/s01/0042/2026-11-24/words', '已退烧')
    store.clear()
    expect(store.isEmpty).toBe(true)
  })

  test('a full storage is told, and a damaged record is passed over', () => {
    const storage = new FakeStorage()
    const store = new PendingStore('a1', storage)
    storage.setItem(`schoolhome/pending/a1/${document.topic}/words/tab-9`, '{"version":')
    expect(store.pending()).toEqual([])
    storage.full = true
    expect(store.save(document, 'tab-1', record)).toBe(false)
  })
})

/** The browser's locks, shared by the tabs of one test. */
class FakeLocks {
  private readonly held = new Set<string>()

  async request(name: string, _options: unknown, callback: (lock: { name: string } | null) => unknown): Promise<unknown> {
    await Promise.resolve()
    if (this.held.has(name)) return callback(null)
    this.held.add(name)
    try {
      return await callback({ name })
    } finally {
      this.held.delete(name)
    }
  }
}

describe('client ids', () => {
  test('T2: two tabs never share an id, and one that was let go of is taken over', async () => {
    const locks = new FakeLocks() as never
    const one = new LockedClientIds(locks)
    const other = new LockedClientIds(locks)
    const mine = await one.fresh()
    expect(await other.claim(mine.clientId)).toBeNull()
    expect(await one.claim(mine.clientId)).toBeNull()
    mine.release()
    const claims = await Promise.all([one, other, one].map(async (tab) => (await eventually(() => tab.claim(mine.clientId))) !== null))
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  test('T2: without locks, only the tab that made an id takes it over after a reload', async () => {
    const mine = new FakeStorage()
    const before = new AskedClientIds(mine, new FakeChannel([]), (then) => then())
    const { clientId } = await before.fresh()
    const reloaded = new AskedClientIds(mine, new FakeChannel([]), (then) => then())
    const elsewhere = new AskedClientIds(new FakeStorage(), new FakeChannel([]), (then) => then())
    expect(await elsewhere.claim(clientId)).toBeNull()
    expect((await reloaded.claim(clientId))?.clientId).toBe(clientId)
    expect(await reloaded.claim(clientId)).toBeNull()
  })

  test('T2: without locks, a duplicated tab asks the other and leaves its id alone', async () => {
    const room: FakeChannel[] = []
    const storage = new FakeStorage()
    const original = new AskedClientIds(storage, new FakeChannel(room), (then) => then())
    const { clientId } = await original.fresh()
    const duplicate = new AskedClientIds(storage, new FakeChannel(room), (then) => then())
    expect(await duplicate.claim(clientId)).toBeNull()
  })

  test('T2: without locks and without a way to ask, an id is never taken over', async () => {
    const storage = new FakeStorage()
    const before = new AskedClientIds(storage, null, (then) => then())
    const { clientId } = await before.fresh()
    expect(await new AskedClientIds(storage, null, (then) => then()).claim(clientId)).toBeNull()
  })

  test('T2: an id has the form that the authority takes', () => {
    expect(newId()).toMatch(/^[A-Za-z0-9_-]{8,40}$/)
    expect(newId()).not.toBe(newId())
  })
})

async function eventually<T>(ask: () => Promise<T | null>): Promise<T | null> {
  // Letting go takes a turn of the event loop in a browser as well.
  await Promise.resolve()
  await Promise.resolve()
  await Promise.resolve()
  return ask()
}

class FakeChannel {
  private readonly hears: ((event: MessageEvent) => void)[] = []

  constructor(private readonly room: FakeChannel[]) {
    room.push(this)
  }

  addEventListener(_kind: string, hear: unknown): void {
    this.hears.push(hear as (event: MessageEvent) => void)
  }

  removeEventListener(_kind: string, hear: unknown): void {
    this.hears.splice(this.hears.indexOf(hear as (event: MessageEvent) => void), 1)
  }

  postMessage(data: unknown): void {
    for (const other of this.room) if (other !== this) for (const hear of [...other.hears]) hear({ data } as MessageEvent)
  }
}
