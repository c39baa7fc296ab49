import { describe, expect, test } from 'vitest'
import { applyChanges } from './applyChanges'
import type { Claim, ClientIds } from './clientIds'
import { PendingStore } from './pendingStore'
import { RestingWords } from './restingWords'
import { FakeStorage } from './testing'

const document = { topic: 'page/s01/0042/2026-11-23', section: 'words' }
const view = { epoch: 'e', n: 7, sections: [{ section: 'words', text: '您好', version: 3 }] }

class FakeIds implements ClientIds {
  readonly held = new Set<string>()
  private next = 0

  fresh(): Promise<Claim> {
    return Promise.resolve(this.take(`fresh-${++this.next}`))
  }

  claim(clientId: string): Promise<Claim | null> {
    return Promise.resolve(this.held.has(clientId) ? null : this.take(clientId))
  }

  private take(clientId: string): Claim {
    this.held.add(clientId)
    return { clientId, release: () => void this.held.delete(clientId) }
  }
}

function setUp(): { ids: FakeIds; store: PendingStore; storage: FakeStorage } {
  const storage = new FakeStorage()
  return { ids: new FakeIds(), storage, store: new PendingStore('a1', storage) }
}

describe('words in a field that has no editor yet', () => {
  test('T2: they are kept from the first letter on, over the text that was there', async () => {
    const { ids, store } = setUp()
    const resting = new RestingWords(ids, store, document, view)
    await resting.claim
    expect(resting.words).toBe('idle')
    expect(store.isEmpty).toBe(true)
    resting.typed('您好！')
    expect(resting.words).toBe('pending')
    expect(store.pending(document)).toEqual([{ ...document, clientId: 'fresh-1', record: { version: 3, baseText: '您好', confirmedSeq: 0, changes: [[2, [0, '！']]] } }])
    // What was taken back is not pending any more.
    resting.typed('您好')
    expect(resting.words).toBe('idle')
    expect(store.isEmpty).toBe(true)
  })

  test('T9: letters that were typed before the id was there are kept although the field was left before it was', async () => {
    const { ids, store } = setUp()
    const resting = new RestingWords(ids, store, document, view)
    resting.typed('您好！')
    resting.letGo()
    await resting.claim
    expect(store.pending(document).map((one) => one.record.changes)).toEqual([[[2, [0, '！']]]])
    expect(ids.held.size).toBe(0)
  })

  test('T2: letters that were typed before the id was there are kept as soon as it is', async () => {
    const { ids, store } = setUp()
    const resting = new RestingWords(ids, store, document, view)
    resting.typed('您好吗')
    await resting.claim
    expect(store.pending(document).map((one) => one.record.changes)).toEqual([[[2, [0, '吗']]]])
  })

  test('the editor goes on from the text before, and what was typed is apart, so that it can be undone', async () => {
    const { ids, store } = setUp()
    const resting = new RestingWords(ids, store, document, view)
    await resting.claim
    resting.typed('老师您好')
    const start = resting.handOver('老师您好！')
    expect(start.record).toEqual({ version: 3, baseText: '您好', confirmedSeq: 0, changes: [] })
    expect(start.typed && applyChanges('您好', start.typed)).toBe('老师您好！')
    // The id is the editor's now.
    resting.letGo()
    expect(ids.held.has(start.claim.clientId)).toBe(true)
  })

  test('T4: what a former tab left is shown, and stays as it was when more is typed', async () => {
    const { ids, store } = setUp()
    const left = { version: 2, baseText: '您', confirmedSeq: 4, changes: [[1, [0, '好']]] as never }
    store.save(document, 'tab-1', left)
    const resting = await RestingWords.takeUp(ids, store, document, () => view)
    expect(resting.text).toBe('您好')
    expect(resting.words).toBe('pending')
    resting.typed('您好！')
    expect(store.pending(document)).toEqual([{ ...document, clientId: 'tab-1', record: { ...left, changes: [[1, [0, '好']], [2, [0, '！']]] } }])
    resting.letGo()
    expect(ids.held.size).toBe(0)
    expect(store.pending(document)).toHaveLength(1)
  })

  test('T2: words under an id that another tab uses are left alone', async () => {
    const { ids, store } = setUp()
    store.save(document, 'tab-1', { version: 2, baseText: '您', confirmedSeq: 4, changes: [[1, [0, '好']]] as never })
    ids.held.add('tab-1')
    const resting = await RestingWords.takeUp(ids, store, document, () => view)
    expect(resting.words).toBe('idle')
    expect((await resting.claim).clientId).toBe('fresh-1')
  })

  test('T7: when the right to write ends, the words are put aside for their writer', async () => {
    const { ids, store } = setUp()
    const resting = new RestingWords(ids, store, document, view)
    await resting.claim
    resting.typed('您好，请假')
    resting.putAside('not-found')
    expect(store.pending()).toEqual([])
    expect(store.kept(document.topic).map((one) => [one.words, one.code])).toEqual([['，请假', 'not-found']])
    expect(ids.held.size).toBe(0)
  })

  test('T9: where nothing can be stored, it is said', async () => {
    const { ids, store, storage } = setUp()
    const resting = new RestingWords(ids, store, document, view)
    await resting.claim
    storage.full = true
    resting.typed('您好吗')
    expect(resting.words).toBe('not-stored')
  })
})
