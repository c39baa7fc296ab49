import { describe, expect, it } from 'vitest'
import { PendingStore } from '@/CoEditing/pendingStore'
import { FakeStorage } from '@/CoEditing/testing'
import { withPending } from './pendingText'

const topic = 'page/s01/0042/2026-11-24'

describe('what a closed editor said', () => {
  it('is what the school has, with the words that this browser has not delivered', () => {
    const store = new PendingStore('teacher', new FakeStorage())
    expect(withPending(store, topic, 'school-day', '发言积极')).toBe('发言积极')
    store.save({ topic, section: 'school-day' }, 'c1', { version: 3, baseText: '发言', confirmedSeq: 0, changes: [[2, [0, '积极']], [4, [0, '。']]] })
    expect(withPending(store, topic, 'school-day', '发言')).toBe('发言积极。')
    expect(withPending(store, topic, 'results', '优')).toBe('优')
  })
})
