import { describe, expect, test } from 'vitest'
import { reduceView } from './reduceView'
import { MARK_LIFE, TopicReplica } from './topicReplica'
import type { Have, LiveEvent, PlacedMark, VersionedView } from './wire'

interface View extends VersionedView {
  sections: { section: string; text: string; version: number }[]
}

const topic = 'page/s01/0042/2026-11-23'

function view(epoch: string, n: number, text: string): View {
  return { epoch, n, sections: [{ section: 'words', text, version: n }] }
}

/** Event `n` puts one letter at the end of a text of `n - 1` letters. */
function event(n: number, letter: string, epoch = 'e1'): LiveEvent {
  const changes = [...(n > 1 ? [n - 1] : []), [0, letter] as [number, string]]
  return {
    epoch,
    n,
    changes: [{ kind: 'text', section: 'words', version: n, updates: [{ clientId: 'someone', seq: n, changes }], by: { id: 'a', name: '王芳', role: 'classTeacher' }, at: '' }],
  }
}

function setUp() {
  const asked: { have: Have | null; ask: number }[] = []
  let now = 0
  const replica = new TopicReplica<View>(topic, {
    join: (have, ask) => asked.push({ have, ask }),
    reduce: reduceView,
    changed: () => undefined,
    now: () => now,
  })
  const text = (): string | undefined => replica.view?.sections[0]?.text
  const last = (): { have: Have | null; ask: number } => asked.at(-1) ?? { have: null, ask: -1 }
  const pass = (milliseconds: number): void => void (now += milliseconds)
  return { replica, asked, last, text, pass }
}

function live() {
  const all = setUp()
  all.replica.connected()
  all.replica.joined({ ok: true, epoch: 'e1', n: 1, view: view('e1', 1, 'a') }, all.last().ask)
  return all
}

describe('a topic', () => {
  test('L3: the next event is applied', () => {
    const { replica, text } = live()
    replica.receive({ topic, ...event(2, 'b') })
    expect(text()).toBe('ab')
    expect(replica.have).toEqual({ epoch: 'e1', n: 2 })
  })

  test('L3: an event that is known already is dropped', () => {
    const { replica, text, asked } = live()
    replica.receive({ topic, ...event(2, 'b') })
    replica.receive({ topic, ...event(2, 'b') })
    replica.receive({ topic, ...event(1, 'a') })
    expect(text()).toBe('ab')
    expect(asked).toHaveLength(1)
  })

  test('L3: at a gap it asks for what came since, and keeps what comes meanwhile', () => {
    const { replica, text, last } = live()
    replica.receive({ topic, ...event(3, 'c') })
    expect(last().have).toEqual({ epoch: 'e1', n: 1 })
    replica.receive({ topic, ...event(4, 'd') })
    replica.joined({ ok: true, epoch: 'e1', n: 3, events: [event(2, 'b'), event(3, 'c')] }, last().ask)
    expect(text()).toBe('abcd')
    expect(replica.phase).toBe('live')
  })

  test('L3: another epoch takes the whole view', () => {
    const { replica, text, last } = live()
    replica.receive({ topic, ...event(2, 'x', 'e2') })
    expect(last().have).toBeNull()
    replica.joined({ ok: true, epoch: 'e2', n: 7, view: view('e2', 7, 'new') }, last().ask)
    expect(text()).toBe('new')
  })

  test('L3: a change that does not fit takes the whole view', () => {
    const { replica, last } = live()
    replica.receive({ topic, ...event(2, 'b'), changes: [{ ...event(2, 'b').changes[0], updates: [{ clientId: 'x', seq: 1, changes: [99] }] } as never] })
    expect(last().have).toBeNull()
    expect(replica.phase).toBe('joining')
  })

  test('L3: a change of an unknown kind is skipped, its event counts', () => {
    const { replica, text } = live()
    replica.receive({ topic, epoch: 'e1', n: 2, changes: [{ kind: 'from-the-future' }] })
    expect(replica.have?.n).toBe(2)
    expect(text()).toBe('a')
  })

  test('L8: frames that come before the answer to Join are applied after it, each once', () => {
    const { replica, text, last } = setUp()
    replica.connected()
    replica.receive({ topic, ...event(2, 'b') })
    replica.receive({ topic, ...event(3, 'c') })
    expect(text()).toBeUndefined()
    replica.joined({ ok: true, epoch: 'e1', n: 2, view: view('e1', 2, 'ab') }, last().ask)
    expect(text()).toBe('abc')
  })

  test('L8: after a reconnect it names what it has and gets what it missed', () => {
    const { replica, text, last } = live()
    replica.disconnected()
    expect(replica.phase).toBe('stale')
    expect(text()).toBe('a')
    replica.connected()
    expect(last().have).toEqual({ epoch: 'e1', n: 1 })
    replica.joined({ ok: true, epoch: 'e1', n: 2, events: [event(2, 'b')] }, last().ask)
    expect(text()).toBe('ab')
  })

  test('L8: the answer to a join of an older connection is not heard', () => {
    const { replica, text, asked, last } = live()
    replica.disconnected()
    replica.connected()
    const old = last().ask
    replica.disconnected()
    replica.connected()
    replica.joined({ ok: true, epoch: 'e1', n: 2, events: [event(2, 'b')] }, old)
    expect(text()).toBe('a')
    replica.joined({ ok: true, epoch: 'e1', n: 2, events: [event(2, 'b')] }, last().ask)
    expect(text()).toBe('ab')
    expect(asked).toHaveLength(3)
  })

  test('L8: an answer that leaves something missing is not taken for whole', () => {
    const { replica, last } = live()
    replica.disconnected()
    replica.connected()
    replica.joined({ ok: true, epoch: 'e1', n: 5, events: [] }, last().ask)
    expect(replica.phase).toBe('joining')
    expect(last().have).toBeNull()
  })

  test('L8: a view that was asked for is asked for again when the connection was lost meanwhile', () => {
    const { replica, last } = live()
    replica.reload()
    replica.disconnected()
    replica.connected()
    expect(last().have).toBeNull()
  })

  test('L2: what is no longer ours is emptied and stays so', () => {
    const { replica, asked } = live()
    const heard: string[] = []
    replica.listen({ onRemoved: (code) => heard.push(code) })
    replica.receive({ topic, removed: 'access-ended' })
    expect(replica.view).toBeNull()
    expect(replica.phase).toBe('removed')
    expect(heard).toEqual(['access-ended'])
    replica.connected()
    replica.seed(view('e1', 9, 'secret'))
    expect(replica.view).toBeNull()
    expect(asked).toHaveLength(1)
  })

  test('L2: a topic that one may not join is empty, also when a view had come by HTTP', () => {
    const { replica, last } = setUp()
    replica.seed(view('e1', 1, 'a'))
    replica.connected()
    replica.joined({ ok: false, code: 'not-found' }, last().ask)
    expect(replica.phase).toBe('removed')
    expect(replica.view).toBeNull()
  })

  test('L3: a view by HTTP never takes the place of something newer', () => {
    const { replica, text } = live()
    replica.receive({ topic, ...event(2, 'b') })
    replica.seed(view('e1', 1, 'a'))
    expect(text()).toBe('ab')
  })

  test('L4: a mark goes when it is taken away, when nobody renews it, and with the connection', () => {
    const { replica, pass } = live()
    const mark: PlacedMark = { mark: 'm1', who: { id: 'a', name: '王芳', role: 'classTeacher' }, clientId: 'c', section: 'words', version: 1, anchor: 0, head: 1 }
    replica.receive({ topic, marks: [mark] })
    pass(MARK_LIFE - 1)
    replica.expireMarks()
    expect(replica.marks.size).toBe(1)
    pass(1)
    replica.expireMarks()
    expect(replica.marks.size).toBe(0)
    replica.receive({ topic, marks: [mark] })
    replica.receive({ topic, marks: [{ mark: 'm1', gone: true }] })
    expect(replica.marks.size).toBe(0)
    replica.receive({ topic, marks: [mark] })
    replica.disconnected()
    expect(replica.marks.size).toBe(0)
  })
})
