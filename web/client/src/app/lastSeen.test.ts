import { database, settle } from './testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetLastSeen, keep, keyOfAnswer, lastSeenOwner, ownLastSeen, recall, recallSession, sessionKey } from './lastSeen'

vi.mock('idb-keyval', async () => (await import('./testing')).idb)

const page = '/api/book/pages/s01/42/2026-11-24'
const days = 24 * 3_600_000
const ago = (time: number): string => new Date(Date.now() - time).toISOString()

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  ownLastSeen(null)
  await settle()
})

afterEach(() => vi.useRealTimers())

async function rest(): Promise<void> {
  vi.advanceTimersByTime(500)
  await settle()
}

describe('what was last seen', () => {
  it('is kept for its account and found again by it', async () => {
    ownLastSeen('a')
    keep(page, 'words', lastSeenOwner())
    await rest()
    expect((await recall(page, lastSeenOwner()))?.value).toBe('words')
  })

  it('goes at a start at which nobody is signed in, with the session', async () => {
    vi.resetModules()
    const fresh = await import('./lastSeen')
    database.set(sessionKey, { value: '{}', at: ago(0), whose: 'a' })
    database.set(`a|${page}`, { value: 'words', at: ago(0), whose: 'a' })
    expect(await fresh.recallSession()).not.toBeNull()
    fresh.ownLastSeen(null)
    await settle()
    expect(database.size).toBe(0)
    expect(await fresh.recallSession()).toBeNull()
  })

  it('of somebody else goes, with their session', async () => {
    database.set(sessionKey, { value: '{}', at: ago(0), whose: 'a' })
    database.set(`a|${page}`, { value: 'words', at: ago(0), whose: 'a' })
    database.set(`b|${page}`, { value: 'mine', at: ago(0), whose: 'b' })
    ownLastSeen('b')
    await settle()
    expect([...database.keys()]).toEqual([`b|${page}`])
  })

  it('is not kept under whoever has signed in since it was asked for', async () => {
    ownLastSeen('a')
    const asker = lastSeenOwner()
    ownLastSeen('b')
    await settle()
    keep(page, 'of a', asker)
    await rest()
    expect(database.size).toBe(0)
    expect(await recall(page, asker)).toBeNull()
  })

  it('is not kept when its account has signed out and in again meanwhile, nor when everything had to go', async () => {
    ownLastSeen('a')
    const asker = lastSeenOwner()
    keep(page, 'about to be written', asker)
    await forgetLastSeen()
    keep(page, 'came later', asker)
    await rest()
    expect(database.size).toBe(0)
  })

  it('is not shown after fourteen days, and deleted', async () => {
    ownLastSeen('a')
    await settle()
    database.set(`a|${page}`, { value: 'words', at: ago(14 * days - 1_000), whose: 'a' })
    expect((await recall(page, lastSeenOwner()))?.value).toBe('words')
    vi.advanceTimersByTime(1_000)
    expect(await recall(page, lastSeenOwner())).toBeNull()
    expect(database.size).toBe(0)
  })

  it('lets nobody in after fourteen days without the school', async () => {
    vi.resetModules()
    const fresh = await import('./lastSeen')
    database.set(sessionKey, { value: '{}', at: ago(14 * days), whose: 'a' })
    database.set(`a|${page}`, { value: 'words', at: ago(13 * days), whose: 'a' })
    expect(await fresh.recallSession()).toBeNull()
    expect(database.size).toBe(0)
  })

  it('is pruned at each start: what is too old, and more than eighty', async () => {
    for (let i = 0; i < 90; i++) database.set(`a|${page}/${i}`, { value: '', at: ago(i * 60_000), whose: 'a' })
    database.set('a|old', { value: '', at: ago(15 * days), whose: 'a' })
    database.set(sessionKey, { value: '{}', at: ago(13 * days), whose: 'a' })
    ownLastSeen('a')
    await settle()
    expect(database.size).toBe(81)
    expect(database.has(sessionKey)).toBe(true)
    expect(database.has(`a|${page}/79`)).toBe(true)
    expect(database.has(`a|${page}/80`)).toBe(false)
  })

  it('is of the book, and neither of a search nor of a print', () => {
    const of = (path: string): string | null => keyOfAnswer('GET', `https://school.test${path}`)
    expect(of(page)).toBe(page)
    expect(of('/api/book/days/s01/2024-1/2026-11-24')).not.toBeNull()
    expect(of('/api/book/children/s01/42/months/2026-11')).not.toBeNull()
    expect(of('/api/book/children/s01/42/search?q=words')).toBeNull()
    expect(of('/api/book/children/s01/42/days?from=2026-09-01&to=2026-11-24')).toBeNull()
    expect(of('/api/people/s01/staff')).toBeNull()
    expect(keyOfAnswer('POST', `https://school.test${page}`)).toBeNull()
  })

  it('names nobody for whoever has signed out in this tab', async () => {
    database.set(sessionKey, { value: '{}', at: ago(0), whose: 'a' })
    expect(await recallSession()).toBeNull()
  })
})
