import { expect, it, vi } from 'vitest'
import { holdTopic, seedTopics } from './topics'

vi.mock('./liveConnection', () => ({ liveConnection: { isConnected: false, listen: () => undefined, send: () => undefined }, NotConnected: Error }))

it('an answer that came late reaches the topics in it, and no topic goes back', () => {
  const at = (n: number) => ({ topic: 'page/s01/42/2026-11-24', epoch: 'e', n })
  const { topic, release } = holdTopic(at(1).topic)
  topic.replica.seed(at(1))
  seedTopics({ children: [{ child: null, page: at(3), sheet: { ...at(9), topic: 'sheet/s01/2024-1/2026-11-24' } }] })
  expect(topic.replica.view?.n).toBe(3)
  seedTopics({ page: at(2) })
  expect(topic.replica.view?.n).toBe(3)
  release()
})
