import type { Frame, GoneMark, Have, Joined, LiveEvent, Mark, PlacedMark, Refused, Change, VersionedView } from './wire'

/** How a topic stands with this browser. `removed` carries nothing more: what was shown of it is emptied (L2). */
export type TopicPhase = 'idle' | 'joining' | 'live' | 'stale' | 'removed'

/** A mark lives this long unless it is renewed (L4). */
export const MARK_LIFE = 10_000

export interface TopicListener {
  /** A whole view took the place of what was there. */
  onView?(): void
  /** One commit was applied. */
  onEvent?(event: LiveEvent): void
  onRemoved?(code: string): void
}

export interface LiveMark extends PlacedMark {
  seenAt: number
}

interface Ports<View> {
  /** Asks the hub to join, or to join again to fill a gap. The answer comes back through `joined` with the same `ask`. */
  join(have: Have | null, ask: number): void
  /** The view after one change; throws when the change does not fit, and then the whole view is asked for. */
  reduce(view: View, change: Change): View
  /** Something that is shown has changed. */
  changed(): void
  now(): number
}

/**
 * One topic as this browser knows it: the rules L3 and L8 and nothing else, so that they can be tested without a
 * network. It holds the view at `(epoch, n)`, applies `n+1`, drops what is known and asks again where something is missing.
 */
export class TopicReplica<View extends VersionedView = VersionedView> {
  phase: TopicPhase = 'idle'
  refusal: string | null = null
  view: View | null = null
  readonly marks = new Map<string, LiveMark>()
  private readonly early: Frame[] = []
  private ask = 0
  private needsView = false
  private readonly listeners = new Set<TopicListener>()

  constructor(
    readonly topic: string,
    private readonly ports: Ports<View>,
  ) {}

  get have(): Have | null {
    return this.view && { epoch: this.view.epoch, n: this.view.n }
  }

  listen(listener: TopicListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** A view that came by HTTP, before or instead of the hub's. Never takes the place of something newer. */
  seed(view: View): void {
    if (this.phase === 'removed') return
    if (this.view && (this.view.epoch !== view.epoch || this.view.n >= view.n)) return
    this.take(view)
  }

  /** The view as it was last seen, where there is no network. Never takes the place of one that is live. */
  recall(view: View): void {
    if (this.phase === 'idle' || this.phase === 'stale') this.take(view)
  }

  /** The connection is there (again): join, naming what is had (L8). */
  connected(): void {
    if (this.phase === 'removed') return
    this.askToJoin(this.needsView ? null : this.have)
  }

  disconnected(): void {
    if (this.phase === 'removed') return
    this.phase = this.view ? 'stale' : 'idle'
    this.early.length = 0
    this.dropMarks()
  }

  /** The hub's answer to `join`. Between its sending and now frames may have come: they waited in `early`. */
  joined(answer: Joined<View> | Refused, ask: number): void {
    if (this.phase !== 'joining' || ask !== this.ask) return
    if (!answer.ok) {
      this.early.length = 0
      if (answer.code === 'not-found') this.remove(answer.code)
      else {
        this.refusal = answer.code
        this.phase = this.view ? 'stale' : 'idle'
        this.ports.changed()
      }
      return
    }
    this.phase = 'live'
    this.refusal = null
    if (answer.view) this.take({ ...answer.view, epoch: answer.epoch, n: answer.n })
    else for (const event of answer.events ?? []) if (!this.apply(event)) return
    if (this.view?.epoch !== answer.epoch || this.view.n < answer.n) return this.askToJoin(null)
    this.marks.clear()
    this.placeMarks(answer.marks ?? [])
    const early = this.early.splice(0)
    for (const frame of early) this.receive(frame)
    this.ports.changed()
  }

  receive(frame: Frame): void {
    if (this.phase === 'removed') return
    if ('removed' in frame) return this.remove(frame.removed)
    if (this.phase === 'joining') {
      this.early.push(frame)
      return
    }
    if (this.phase !== 'live') return
    if ('marks' in frame) {
      this.placeMarks(frame.marks)
      this.ports.changed()
    } else if ('view' in frame) {
      const known = this.view && this.view.epoch === frame.epoch && this.view.n >= frame.n
      if (!known) this.take({ ...(frame.view as View), epoch: frame.epoch, n: frame.n })
    } else if (this.apply(frame)) this.ports.changed()
  }

  /** Asks for the whole view, where what is here proved not to fit. */
  reload(): void {
    if (this.phase !== 'removed') this.askToJoin(null)
  }

  /** Takes away marks that nobody renewed (L4). */
  expireMarks(): void {
    let expired = false
    for (const [id, mark] of this.marks) {
      if (this.ports.now() - mark.seenAt >= MARK_LIFE) expired = this.marks.delete(id)
    }
    if (expired) this.ports.changed()
  }

  /** True when the replica now stands at the event's `n`; false when it had to ask for more. */
  private apply(event: LiveEvent): boolean {
    const view = this.view
    if (!view || event.epoch !== view.epoch) {
      this.askToJoin(null)
      return false
    }
    if (event.n <= view.n) return true
    if (event.n > view.n + 1) {
      this.askToJoin(this.have)
      return false
    }
    let next: View = view
    try {
      for (const change of event.changes) next = this.ports.reduce(next, change)
    } catch {
      this.askToJoin(null)
      return false
    }
    this.view = { ...next, epoch: event.epoch, n: event.n }
    for (const listener of this.listeners) listener.onEvent?.(event)
    return true
  }

  private take(view: View): void {
    this.view = view
    this.needsView = false
    for (const listener of this.listeners) listener.onView?.()
    this.ports.changed()
  }

  private askToJoin(have: Have | null): void {
    this.phase = 'joining'
    this.needsView = have === null
    this.ask++
    this.ports.changed()
    this.ports.join(have, this.ask)
  }

  private remove(code: string): void {
    this.phase = 'removed'
    this.refusal = code
    this.view = null
    this.early.length = 0
    this.marks.clear()
    for (const listener of this.listeners) listener.onRemoved?.(code)
    this.ports.changed()
  }

  private placeMarks(marks: Mark[]): void {
    for (const mark of marks) {
      if (isGone(mark)) this.marks.delete(mark.mark)
      else this.marks.set(mark.mark, { ...mark, seenAt: this.ports.now() })
    }
  }

  private dropMarks(): void {
    this.marks.clear()
    this.ports.changed()
  }
}

function isGone(mark: Mark): mark is GoneMark {
  return 'gone' in mark && mark.gone
}
