import { beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import { FakeStorage } from '@/CoEditing/testing'
import { PendingStore, type StoredCommand } from '@/CoEditing/pendingStore'
import { WaitingCommands } from './waitingCommands'

const tick = (ticked: boolean) => ({ subject: 'tick/page/a/item', method: 'PUT' as const, path: '/api/tick', body: { ticked } })

class Clock {
  now = 1_000_000
  private timers: { at: number; then: () => void }[] = []

  later = (milliseconds: number, then: () => void): (() => void) => {
    const timer = { at: this.now + milliseconds, then }
    this.timers.push(timer)
    return () => (this.timers = this.timers.filter((one) => one !== timer))
  }

  forget(): void {
    this.timers = []
  }

  async pass(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds
    for (;;) {
      await settle()
      const next = this.timers.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.timers = this.timers.filter((one) => one !== next)
      this.now = Math.max(this.now, next.at)
      next.then()
    }
    this.now = until
    await settle()
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('waiting commands', () => {
  let clock: Clock
  let storage: FakeStorage
  let sent: StoredCommand[]
  let answer: (command: StoredCommand) => Problem | null
  const open = (): WaitingCommands =>
    new WaitingCommands({
      store: () => new PendingStore('mother', storage),
      send: async (command) => {
        await Promise.resolve()
        const problem = answer(command)
        if (problem) throw problem
        sent.push(command)
      },
      now: () => clock.now,
      later: clock.later,
      alone: (work) => work(),
    })

  beforeEach(() => {
    clock = new Clock()
    storage = new FakeStorage()
    sent = []
    answer = () => null
  })

  it('are stored before they are sent, and gone from the phone when they are on record', async () => {
    const commands = open()
    const id = commands.put(tick(true))
    expect(new PendingStore('mother', storage).commands().map((one) => one.id)).toEqual([id])
    expect(commands.stateOf('tick/page/a/item')).toBe('waiting')
    await settle()
    expect(sent.map((one) => one.id)).toEqual([id])
    expect(commands.stateOf('tick/page/a/item')).toBe('delivered')
    expect(new PendingStore('mother', storage).isEmpty).toBe(true)
    await clock.pass(3_000)
    expect(commands.stateOf('tick/page/a/item')).toBe('idle')
  })

  it('wait without a network and go out under the same id, also from another tab of the same account', async () => {
    answer = () => Problem.unreachable()
    const id = open().put(tick(true))
    await settle()
    expect(sent).toEqual([])
    answer = () => null
    const reopened = open()
    reopened.hurry()
    await settle()
    expect(sent.map((one) => one.id)).toEqual([id])
  })

  it('are tried again by themselves after an unknown outcome', async () => {
    let tries = 0
    answer = () => (++tries < 4 ? new Problem(503, 'unknown-outcome', '') : null)
    const id = open().put(tick(true))
    await clock.pass(60_000)
    expect(tries).toBe(4)
    expect(sent.map((one) => one.id)).toEqual([id])
  })

  it('are replaced by a newer one about the same, so that only the last word is sent', async () => {
    answer = () => Problem.unreachable()
    const commands = open()
    commands.put(tick(true))
    commands.put(tick(false))
    await settle()
    answer = () => null
    commands.hurry()
    await settle()
    expect(sent.map((one) => one.body)).toEqual([{ ticked: false }])
  })

  it('keep their order, also those of one moment', async () => {
    answer = () => Problem.unreachable()
    const commands = open()
    const paths = Array.from({ length: 12 }, (_, at) => `/api/${at}`)
    for (const path of paths) commands.put({ subject: path, method: 'PUT', path, body: {} })
    await settle()
    answer = () => null
    const reopened = open()
    reopened.hurry()
    await clock.pass(100)
    expect(sent.map((one) => one.path)).toEqual(paths)
  })

  it('that were refused stay until that was seen, and hold nothing up', async () => {
    answer = (command) => (command.path === '/api/sign' ? new Problem(409, 'stale', 'newer', {}, { newer: ['words'] }) : null)
    const commands = open()
    commands.put({ subject: 'sign/page/a', method: 'POST', path: '/api/sign', body: {} })
    commands.put(tick(true))
    await settle()
    expect(sent.map((one) => one.path)).toEqual(['/api/tick'])
    expect(commands.of('sign/page/a')?.refused).toEqual({ code: 'stale', detail: 'newer', newer: ['words'] })
    commands.drop('sign/page/a')
    expect(commands.stateOf('sign/page/a')).toBe('idle')
  })

  it('can be called off before their time, and are sent at it (S3)', async () => {
    const commands = open()
    commands.put({ subject: 'sign/page/a', method: 'POST', path: '/api/sign', body: {}, wait: 10_000 })
    await clock.pass(9_900)
    expect(sent).toEqual([])
    commands.drop('sign/page/a')
    await clock.pass(60_000)
    expect(sent).toEqual([])
    commands.put({ subject: 'sign/page/a', method: 'POST', path: '/api/sign', body: {}, wait: 10_000 })
    await clock.pass(10_100)
    expect(sent.length).toBe(1)
  })

  it('say so where the phone cannot store them, and are sent all the same', async () => {
    storage.full = true
    answer = () => Problem.unreachable()
    const commands = open()
    commands.put(tick(true))
    await settle()
    expect(commands.stateOf('tick/page/a/item')).toBe('not-stored')
    answer = () => null
    commands.hurry()
    await settle()
    expect(sent.length).toBe(1)
    expect(commands.stateOf('tick/page/a/item')).toBe('delivered')
  })

  it('go out in the order in which they were put, line by line: what cannot be taken now holds up its own line only', async () => {
    let isBusy = true
    answer = (command) => (isBusy && command.path === '/api/first' ? new Problem(500, 'fault', '') : null)
    const commands = open()
    commands.put({ subject: 'marks/a', line: 'marks', method: 'PUT', path: '/api/first', body: 1 })
    commands.put({ subject: 'marks/b', line: 'marks', method: 'PUT', path: '/api/second', body: 2 })
    commands.put(tick(true))
    await settle()
    expect(sent.map((one) => one.path)).toEqual(['/api/tick'])
    isBusy = false
    await clock.pass(60_000)
    expect(sent.map((one) => one.path)).toEqual(['/api/tick', '/api/first', '/api/second'])
  })

  it('that a tab left behind are sent by another one, at their time', async () => {
    const first = open()
    const second = open()
    first.put({ subject: 'sign/page/a', method: 'POST', path: '/api/sign', body: {}, wait: 10_000 })
    second.look()
    // The first tab is closed: its timers are gone with it.
    clock.forget()
    second.look()
    await clock.pass(10_100)
    expect(sent.map((one) => one.path)).toEqual(['/api/sign'])
  })

  it('are never sent as somebody else’s, also where the phone could not store them', async () => {
    let account = 'father'
    storage.full = true
    answer = () => Problem.unreachable()
    const commands = new WaitingCommands({
      store: () => new PendingStore(account, storage),
      send: async (command) => {
        await Promise.resolve()
        const problem = answer(command)
        if (problem) throw problem
        sent.push(command)
      },
      now: () => clock.now,
      later: clock.later,
      alone: (work) => work(),
    })
    commands.put(tick(true))
    await settle()
    account = 'mother'
    answer = () => null
    commands.hurry()
    await clock.pass(60_000)
    expect(sent).toEqual([])
    expect(commands.of('tick/page/a/item')).toBeUndefined()
  })
})
