import { getCurrentScope, onScopeDispose, shallowRef, triggerRef, type ShallowRef } from 'vue'
import { forgetLastSeen, keep, lastSeenOwner, recall, seenAt } from '@/app/lastSeen'
import { liveConnection, NotConnected } from './liveConnection'
import { reduceView } from './reduceView'
import { TopicReplica } from './topicReplica'
import type { Joined, MarkPlaced, PushAnswer, PushText, Refused, TextSinceAnswer, VersionedView } from './wire'

/** A topic stays joined this long after its last user has gone, so that turning a page and back costs nothing. */
const linger = 1_500
const retryJoin = 1_000
/** What is seen of a topic is kept in this browser when it has come to rest. */
const keepAfter = 2_000

/** A joined topic as a screen holds it. */
export interface Topic<View extends VersionedView> {
  readonly name: string
  readonly replica: TopicReplica<View>
  /** Triggered whenever anything of the replica has changed. */
  readonly seen: ShallowRef<TopicReplica<View>>
  pushText(push: PushText): Promise<PushAnswer>
  textSince(section: string, version: number): Promise<TextSinceAnswer>
  mark(mark: MarkPlaced | null): void
}

class JoinedTopic<View extends VersionedView> implements Topic<View> {
  users = 0
  leaving: ReturnType<typeof setTimeout> | undefined
  readonly replica: TopicReplica<View>
  readonly seen: ShallowRef<TopicReplica<View>>

  constructor(readonly name: string) {
    this.replica = new TopicReplica<View>(name, {
      join: (have, ask) => {
        liveConnection.invoke<Joined<View> | Refused>('Join', name, have).then(
          (answer) => {
            this.replica.joined(answer, ask)
            if (!answer.ok && this.replica.phase !== 'removed') this.joinLater()
          },
          (error: unknown) => {
            // A lost connection joins again by itself; an error of the hub's is asked again.
            if (!(error instanceof NotConnected)) this.joinLater()
          },
        )
      },
      reduce: reduceView,
      changed: () => {
        triggerRef(this.seen)
        this.keepLater()
      },
      now: () => performance.now(),
    })
    this.seen = shallowRef(this.replica)
    // Access has ended: nothing that was seen before stays here (L2).
    this.replica.listen({ onRemoved: () => void forgetLastSeen() })
  }

  /** Without a network: what was last seen here, unless what is shown was seen later. */
  async recall(after: string | null): Promise<void> {
    if (liveConnection.isConnected) return
    const kept = await recall(keyOf(this.name), lastSeenOwner())
    if (kept && (after === null || kept.at > after)) this.replica.recall(JSON.parse(kept.value) as View)
  }

  private keeping: ReturnType<typeof setTimeout> | undefined
  private kept: View | null = null
  private keepLater(): void {
    if (this.keeping !== undefined || this.replica.phase !== 'live' || this.kept === this.replica.view) return
    const whose = lastSeenOwner()
    this.keeping = setTimeout(() => {
      this.keeping = undefined
      if (this.replica.phase !== 'live' || !this.replica.view) return
      this.kept = this.replica.view
      keep(keyOf(this.name), JSON.stringify(this.kept), whose)
    }, keepAfter)
  }

  pushText(push: PushText): Promise<PushAnswer> {
    return liveConnection.invoke<PushAnswer>('PushText', this.name, push)
  }

  textSince(section: string, version: number): Promise<TextSinceAnswer> {
    return liveConnection.invoke<TextSinceAnswer>('TextSince', this.name, section, version)
  }

  mark(mark: MarkPlaced | null): void {
    liveConnection.send('Mark', this.name, mark)
  }

  private joinLater(): void {
    setTimeout(() => {
      if (topics.get(this.name) === (this as unknown) && liveConnection.isConnected && this.replica.phase !== 'live') this.replica.connected()
    }, retryJoin)
  }
}

function keyOf(topic: string): string {
  return `topic:${topic}`
}

const topics = new Map<string, JoinedTopic<VersionedView>>()

liveConnection.listen({
  connected: () => topics.forEach((topic) => topic.replica.connected()),
  disconnected: () => topics.forEach((topic) => topic.replica.disconnected()),
  frame: (frame) => topics.get(frame.topic)?.replica.receive(frame),
  failing: () => failing(),
})

let failing: () => void = () => undefined
/** What to do when the connection cannot be had for long: the session may have ended. */
export function whenConnectionFails(then: () => void): void {
  failing = then
}

setInterval(() => topics.forEach((topic) => topic.replica.expireMarks()), 1_000)

/** Joins a topic, shared with all who use it in this tab; `release` when done. */
export function holdTopic<View extends VersionedView>(name: string): { topic: Topic<View>; release: () => void } {
  let topic = topics.get(name) as JoinedTopic<View> | undefined
  if (!topic) {
    topic = new JoinedTopic<View>(name)
    topics.set(name, topic as unknown as JoinedTopic<VersionedView>)
    if (liveConnection.isConnected) topic.replica.connected()
  }
  const held = topic
  held.users++
  clearTimeout(held.leaving)
  let released = false
  return {
    topic: held,
    release: () => {
      if (released) return
      released = true
      if (--held.users > 0) return
      held.leaving = setTimeout(() => {
        topics.delete(name)
        liveConnection.send('Leave', name)
      }, linger)
    },
  }
}

/** Joins a topic for as long as the calling component or scope lives. */
export function useTopic<View extends VersionedView>(name: string, seed?: View): Topic<View> {
  const { topic, release } = holdTopic<View>(name)
  if (seed) topic.replica.seed(seed)
  const at = seenAt(seed)
  if (!seed || at !== null) void (topic as JoinedTopic<View>).recall(at)
  if (getCurrentScope()) onScopeDispose(release)
  return topic
}

/** A fresh answer came after an old one was shown: the topics that began with the old one, wherever in the answer they are, have what is newer in it. */
export function seedTopics(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return
  const { topic } = answer as { topic?: unknown }
  if (typeof topic === 'string') topics.get(topic)?.replica.seed(answer as VersionedView)
  for (const part of Object.values(answer)) seedTopics(part)
}

/** Forgets every topic: somebody signed out. */
export function forgetTopics(): void {
  topics.clear()
}
