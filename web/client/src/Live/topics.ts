import { getCurrentScope, onScopeDispose, shallowRef, triggerRef, type ShallowRef } from 'vue'
import { liveConnection, NotConnected } from './liveConnection'
import { reduceView } from './reduceView'
import { TopicReplica } from './topicReplica'
import type { Joined, MarkPlaced, PushAnswer, PushText, Refused, TextSinceAnswer, VersionedView } from './wire'

/** A topic stays joined this long after its last user has gone, so that turning a page and back costs nothing. */
const linger = 1_500
const retryJoin = 1_000

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
      changed: () => triggerRef(this.seen),
      now: () => performance.now(),
    })
    this.seen = shallowRef(this.replica)
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
  if (getCurrentScope()) onScopeDispose(release)
  return topic
}

/** Forgets every topic: somebody signed out. */
export function forgetTopics(): void {
  topics.clear()
}
