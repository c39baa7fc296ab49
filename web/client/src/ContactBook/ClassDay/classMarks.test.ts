import { beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import type { ChildDayView } from '@/api/types'
import { PendingStore, type StoredCommand } from '@/CoEditing/pendingStore'
import { FakeStorage } from '@/CoEditing/testing'
import { WaitingCommands } from '../waitingCommands'
import { ClassMarks } from './classMarks'
import { sameForAll, withChange } from './quickMarks'

const place = { school: 's01', class: '2024-2', date: '2026-11-24' }

function child(student: string, marks: ChildDayView['marks'] = []): ChildDayView {
  return { student, name: student, filled: [], editedAt: null, marks, ticked: [], signed: [], addenda: 0 }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve()
}

describe('marks on their way', () => {
  let now: number
  let sent: { path: string; body: unknown }[]
  let answer: (command: StoredCommand) => Problem | null
  let commands: WaitingCommands
  let marks: ClassMarks

  /** Time goes on, and what is due is sent. */
  async function pass(milliseconds: number): Promise<void> {
    now += milliseconds
    commands.hurry()
    await settled()
    marks.look()
  }

  beforeEach(() => {
    now = 1_000_000
    sent = []
    answer = () => null
    const storage = new FakeStorage()
    commands = new WaitingCommands({
      store: () => new PendingStore('teacher', storage),
      send: async (command) => {
        const problem = answer(command)
        if (problem) throw problem
        sent.push({ path: command.path, body: command.body })
      },
      now: () => now,
      later: () => () => undefined,
      alone: (work) => work(),
    })
    marks = new ClassMarks(place, commands, () => now)
  })

  it('show at once and go out together after a pause', async () => {
    marks.set('1', { attention: 'good' })
    marks.set('1', { lunch: 'care' })
    expect(marks.changes().get('1')).toEqual({ attention: 'good', lunch: 'care' })
    expect(marks.stateOf('1')).toBe('waiting')
    await pass(100)
    expect(sent).toEqual([])
    await pass(600)
    expect(sent).toEqual([{ path: '/api/book/pages/s01/1/2026-11-24/marks', body: { marks: [{ mark: 'attention', level: 'good' }, { mark: 'lunch', level: 'care' }] } }])
    expect(marks.stateOf('1')).toBe('delivered')
  })

  it('of a whole class are one command, and the exception that follows is the last word', async () => {
    const children = ['1', '2', '3'].map((one) => child(one))
    marks.setMany(sameForAll(children, 'good', ['conduct'], true))
    marks.set('2', { conduct: 'care' })
    await pass(1_000)
    expect(sent.map((one) => one.path)).toEqual(['/api/book/days/s01/2024-2/2026-11-24/marks', '/api/book/pages/s01/2/2026-11-24/marks'])
    expect(marks.changes().get('2')).toEqual({ conduct: 'care' })
  })

  it('of one child that still wait are not sent after what was given to all', async () => {
    marks.set('2', { conduct: 'care', lunch: 'fair' })
    marks.setMany(sameForAll([child('1'), withChange(child('2'), marks.changes().get('2'))], 'good', ['conduct'], false))
    await pass(1_000)
    const last = new Map<string, unknown>()
    for (const { path, body } of sent) {
      const { marks: set, children = [path.split('/')[5] ?? ''] } = body as { marks: { mark: string; level: string }[]; children?: string[] }
      for (const one of children) for (const { mark, level } of set) last.set(`${one} ${mark}`, level)
    }
    expect(Object.fromEntries(last)).toEqual({ '1 conduct': 'good', '2 conduct': 'good', '2 lunch': 'fair' })
  })

  it('stand until the class\'s day shows them, and not for ever', async () => {
    marks.set('1', { lunch: 'good' })
    await pass(1_000)
    expect(marks.changes().get('1')).toEqual({ lunch: 'good' })
    expect(marks.settle([child('1')])).toBe(false)
    expect(marks.settle([child('1', [{ mark: 'lunch', level: 'good' }])])).toBe(true)
    expect(marks.changes().size).toBe(0)

    marks.set('1', { lunch: null })
    await pass(1_000)
    now += 10_001
    expect(marks.settle([child('1', [{ mark: 'lunch', level: 'good' }])])).toBe(true)
    expect(marks.changes().size).toBe(0)
  })

  it('name the children whose page is signed; all others have them', async () => {
    answer = () => new Problem(200, 'text-sealed', '', {}, { newer: ['2'] })
    marks.setMany(sameForAll([child('1'), child('2')], 'good', ['lunch'], false))
    await pass(10)
    expect(marks.refused().map((one) => [one.students, one.code])).toEqual([[['2'], 'text-sealed']])
    expect([...marks.changes().keys()]).toEqual(['1'])
    for (const one of marks.refused()) marks.seen(one)
    expect(marks.refused()).toEqual([])
  })

  it('wait without a network', async () => {
    answer = () => Problem.unreachable()
    marks.set('1', { lunch: 'good' })
    await pass(5_000)
    expect(marks.stateOf('1')).toBe('waiting')
    answer = () => null
    await pass(5_000)
    expect(sent).toHaveLength(1)
  })
})
