import { database, FakeServer, settle } from '@/app/testing'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { whenSignedOut } from '@/api/client'
import { ownLastSeen, patience, sessionKey } from '@/app/lastSeen'
import { FakeStorage } from '@/CoEditing/testing'
import { useSessionStore } from './session'

vi.mock('idb-keyval', async () => (await import('@/app/testing')).idb)
vi.mock('@/Live/liveConnection', () => ({ liveConnection: { state: ref('offline'), open: () => undefined, close: () => undefined, reopen: () => undefined } }))
vi.mock('@/Live/topics', () => ({ forgetTopics: () => undefined }))
vi.mock('@/app/languages', () => ({ asLanguage: () => 'zh-CN', useLanguage: () => undefined }))

const child = { school: 's01', student: '42', name: '小明', class: '2024-1', className: '三年级1班', relation: 'mother', readsOnly: false }
const nobody = { signedIn: false, setupNeeded: false, demo: false, openId: null, schools: [], account: null, school: null, teacherSchools: [], children: [], classes: [], offices: [], isDistrictAdministrator: false, unread: 0 }
const parent = (id: string) => ({ ...nobody, signedIn: true, account: { id, name: id, language: 'zh-CN' }, children: [child, { ...child, student: '43' }] })
const page = '|/api/book/pages/s01/42/2026-11-24'

let server: FakeServer
const toldSignedOut = vi.fn()

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  vi.stubGlobal('localStorage', new FakeStorage())
  server = new FakeServer()
  toldSignedOut.mockClear()
  whenSignedOut(toldSignedOut)
  setActivePinia(createPinia())
})

afterEach(async () => {
  ownLastSeen(null)
  await settle()
  vi.useRealTimers()
})

/** As somebody's last visit has left it. */
function isKept(account: string, view: unknown = parent(account)): void {
  ownLastSeen(account)
  const at = new Date().toISOString()
  database.set(sessionKey, { value: JSON.stringify(view), at, whose: account })
  database.set(account + page, { value: '{}', at, whose: account })
}

async function rest(milliseconds = 500): Promise<void> {
  await settle()
  vi.advanceTimersByTime(milliseconds)
  await settle()
}

describe('the session', () => {
  it('is whoever was signed in last when the network is silent, and who the late answer says', async () => {
    isKept('a')
    const session = useSessionStore()
    const loading = session.load()
    await rest(patience)
    await loading
    expect(session.account?.id).toBe('a')

    await server.last.answer({ ...parent('a'), unread: 3 })
    expect(session.unread).toBe(3)
    expect(toldSignedOut).not.toHaveBeenCalled()
  })

  it('that has ended elsewhere leaves nothing on the device, also where the answer comes late', async () => {
    isKept('a')
    const session = useSessionStore()
    const loading = session.load()
    await rest(patience)
    await loading
    await server.last.answer(nobody)
    expect(session.signedIn).toBe(false)
    expect(toldSignedOut).toHaveBeenCalledOnce()
    await rest()
    expect(database.size).toBe(0)
  })

  it('that is no more at a start forgets the one that was kept', async () => {
    isKept('a')
    const session = useSessionStore()
    const loading = session.load()
    await settle()
    await server.last.answer(nobody)
    await loading
    expect(session.signedIn).toBe(false)
    await rest()
    expect(database.size).toBe(0)
  })

  it('is not that of whoever was here when it was asked for', async () => {
    const session = useSessionStore()
    const loading = session.load()
    await settle()
    await server.last.answer(parent('a'))
    await loading
    const refreshing = session.refresh()
    await settle()
    const late = server.last
    const joining = session.joined(parent('b') as never)
    await settle()
    await late.answer(parent('a'))
    await refreshing
    expect(session.account?.id).toBe('b')
    await server.last.answer(parent('b'))
    await joining
    await rest()
    expect(database.get(sessionKey)?.whose).toBe('b')
  })

  it('clears what is kept when a child is lost, at a start', async () => {
    isKept('a')
    const session = useSessionStore()
    const loading = session.load()
    await settle()
    await server.last.answer({ ...parent('a'), children: [child] })
    await loading
    await rest()
    expect([...database.keys()]).toEqual([sessionKey])
    expect(database.get(sessionKey)?.value).not.toContain('"43"')
  })

  it('clears what is kept when a child is lost while the app is open, and not when nothing is', async () => {
    isKept('a')
    const session = useSessionStore()
    for (const [children, left] of [
      [[child, { ...child, student: '43' }], 2],
      [[child], 1],
    ] as const) {
      const loading = session.load()
      await settle()
      await server.last.answer({ ...parent('a'), children })
      await loading
      await rest()
      expect(database.size).toBe(left)
    }
  })
})
