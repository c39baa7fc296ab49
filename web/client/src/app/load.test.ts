import { database, FakeServer, settle } from './testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref, type EffectScope } from 'vue'
import { http, take } from '@/api/client'
import type { BookPageView } from '@/api/types'
import { lastSeenOwner, oldestShown, ownLastSeen, patience } from './lastSeen'
import { askOrRecall, useLoad, useLoadOrRecall, type Load } from './load'

const { seedTopics } = vi.hoisted(() => ({ seedTopics: vi.fn() }))

vi.mock('idb-keyval', async () => (await import('./testing')).idb)
vi.mock('@/Live/liveConnection', () => ({ liveConnection: { state: ref('offline'), isConnected: false } }))
vi.mock('@/Live/topics', () => ({ seedTopics }))

const path = '/api/book/pages/s01/42/2026-11-24'
const params = { path: { school: 's01', student: '42', date: '2026-11-24' } }
const yesterday = '2026-11-23T12:00:00.000Z'
const read = (from: typeof http): Promise<BookPageView> => take(from.GET('/api/book/pages/{school}/{student}/{date}', { params }))

let server: FakeServer
let scope: EffectScope

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: new Date('2026-11-24T12:00:00Z') })
  seedTopics.mockClear()
  server = new FakeServer()
  scope = effectScope()
  ownLastSeen(null)
  ownLastSeen('a')
  await settle()
})

afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

function opened<T>(open: () => Load<T>): Load<T> {
  const load = scope.run(open)
  if (!load) throw new Error('no scope')
  return load
}

async function wait(milliseconds: number): Promise<void> {
  await settle()
  vi.advanceTimersByTime(milliseconds)
  await settle()
}

function isKept(words: string): void {
  database.set(`a|${path}`, { value: JSON.stringify({ name: words }), at: yesterday, whose: 'a' })
}

function nameShown(load: Load<BookPageView>): string {
  return load.now.value.state === 'ready' ? load.now.value.value.name : load.now.value.state
}

describe('a screen that can be read without a network', () => {
  it('shows what was last seen when the network is silent, and the late answer when it comes', async () => {
    isKept('old')
    const load = opened(() => useLoadOrRecall(read))
    await wait(patience - 1)
    expect(nameShown(load)).toBe('loading')
    await wait(1)
    expect(nameShown(load)).toBe('old')
    expect(oldestShown()).toBe(yesterday)
    expect(seedTopics).not.toHaveBeenCalled()

    await server.last.answer({ name: 'fresh' })
    expect(nameShown(load)).toBe('fresh')
    expect(oldestShown()).toBeNull()
    expect(seedTopics).toHaveBeenCalledExactlyOnceWith({ name: 'fresh' })
    expect(server.asked).toHaveLength(1)
    await wait(500)
    expect(JSON.parse(database.get(`a|${path}`)?.value ?? '')).toEqual({ name: 'fresh' })
  })

  it('takes away what it has shown when the late answer is that it may not be seen', async () => {
    isKept('old')
    const load = opened(() => useLoadOrRecall(read))
    await wait(patience)
    expect(nameShown(load)).toBe('old')
    await server.last.answer({ code: 'not-found' }, 404)
    expect(nameShown(load)).toBe('not-found')
    expect(database.has(`a|${path}`)).toBe(false)
  })

  it('goes on showing it when the network is gone at last', async () => {
    isKept('old')
    const load = opened(() => useLoadOrRecall(read))
    await wait(patience)
    await server.last.fail()
    expect(nameShown(load)).toBe('old')
    expect(oldestShown()).toBe(yesterday)
  })

  it('shows it at once without a network, and says so where nothing is kept', async () => {
    isKept('old')
    const load = opened(() => useLoadOrRecall(read))
    await settle()
    await server.last.fail()
    expect(nameShown(load)).toBe('old')

    database.clear()
    const other = opened(() => useLoadOrRecall(read))
    await settle()
    await server.last.fail()
    expect(nameShown(other)).toBe('offline')
  })

  it('neither keeps nor shows the answer for somebody who was signed in before, and asks for who is there now', async () => {
    const load = opened(() => useLoadOrRecall(read))
    await settle()
    const ofA = server.last
    expect(ofA.headers.get('Account')).toBe('a')
    ownLastSeen('b')
    await ofA.answer({ name: 'of a' })
    expect(nameShown(load)).toBe('loading')
    await wait(500)
    expect(database.size).toBe(0)

    expect(server.asked).toHaveLength(2)
    expect(server.last.headers.get('Account')).toBe('b')
    await server.last.answer({ name: 'of b' })
    expect(nameShown(load)).toBe('of b')
    await wait(500)
    expect([...database.keys()]).toEqual([`b|${path}`])
  })
})

describe('asking once', () => {
  it('is answered by what was last seen only without a network', async () => {
    isKept('old')
    const slow = askOrRecall(read)
    await wait(patience)
    await server.last.answer({ name: 'fresh' })
    expect((await slow).name).toBe('fresh')
    const cut = askOrRecall(read)
    await settle()
    await server.last.fail()
    expect((await cut).name).toBe('old')
  })

  it('is not answered to somebody else', async () => {
    const asked = askOrRecall(read)
    const refused = expect(asked).rejects.toMatchObject({ code: 'unreachable' })
    await settle()
    ownLastSeen('b')
    await server.last.answer({ name: 'of a' })
    await refused
  })
})

describe('what precedes a command', () => {
  it('is never an old copy', async () => {
    isKept('old')
    const cut = read(http)
    const refused = expect(cut).rejects.toMatchObject({ code: 'unreachable' })
    await settle()
    await server.last.fail()
    await refused

    let slowAnswer: BookPageView | null = null
    void read(http).then((answer) => (slowAnswer = answer))
    await wait(patience * 2)
    expect(slowAnswer).toBeNull()
    await server.last.answer({ name: 'fresh' })
    expect(slowAnswer).toEqual({ name: 'fresh' })

    const load = opened(() => useLoad(() => read(http)))
    await wait(patience)
    expect(nameShown(load)).toBe('loading')
    await server.last.fail()
    expect(nameShown(load)).toBe('offline')
  })

  it('is not kept, but takes away what may not be seen any more', async () => {
    isKept('old')
    const asked = read(http)
    await settle()
    await server.last.answer({ name: 'looked up' })
    await asked
    await wait(500)
    expect(database.get(`a|${path}`)?.at).toBe(yesterday)

    const gone = read(http)
    const refused = expect(gone).rejects.toMatchObject({ status: 403 })
    await settle()
    await server.last.answer({ code: 'forbidden' }, 403)
    await refused
    expect(database.size).toBe(0)
    expect(lastSeenOwner()?.account).toBe('a')
  })
})
