import type { ChangeSpec } from '@codemirror/state'
import type { LiveMark } from '@/Live/topicReplica'
import type { Topic } from '@/Live/topics'
import type { ChangeSetJson, Who } from '@/Live/wire'
import { clientIds, newId, type Claim } from './clientIds'
import { CollabSession, type WordsState } from './collabSession'
import { connectSession, type SectionsView } from './connectSession'
import type { PendingRecord, PendingStore } from './pendingStore'
import { colours, type RemoteCursor } from './remoteMarks'
import { settlePending } from './settlePending'
import { takeUp } from './takeUp'
import { TextEditor } from './textEditor'

export interface WritingPlace {
  topic: Topic<SectionsView>
  section: string
  store: PendingStore
  /** Where the editor is put. */
  parent: HTMLElement
  labelledBy: string
  describedBy: string
  placeholder: string
  whoLabel(who: Who): string
  /** How one's own words stand. */
  changed(words: WordsState): void
  /** Words were put aside, or taken from there. */
  keptChanged(): void
}

/** What was there before the editor was. */
export interface WritingStart {
  claim: Claim
  record: PendingRecord
  /** What has been typed over `record` meanwhile; it can be undone as if it had been typed into the editor. */
  typed: ChangeSetJson | null
  /** Where the caret is; null where somebody is elsewhere and must not be pulled here. */
  caret: { anchor: number; head: number } | null
}

const markEvery = 250
const markAgain = 4_000

/**
 * One section in an editor, connected to its topic. It is fetched only when somebody turns to a section to write in it (`SharedTextField`), because the editor
 * weighs more than all the rest of the page.
 */
export class Writing {
  private readonly editor: TextEditor
  private session: CollabSession | undefined
  private claim: Claim | undefined
  private disconnect: (() => void) | undefined
  private closed = false
  private others: readonly LiveMark[] = []
  private markTimer: ReturnType<typeof setTimeout> | undefined
  private refreshTimer: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly place: WritingPlace,
    start: WritingStart,
  ) {
    const first = this.sessionFor(start.claim, start.record)
    this.editor = new TextEditor(
      {
        parent: place.parent,
        labelledBy: place.labelledBy,
        describedBy: place.describedBy,
        placeholder: place.placeholder,
        transacted: (transaction) => this.session?.transacted(transaction),
        moved: () => this.markSoon(),
        focused: (has) => (has ? this.startMarking() : this.stopMarking()),
        compositionEnded: () => this.session?.compositionEnded(),
      },
      (extensions) => first.createState(extensions),
    )
    this.begin(first)
    if (start.typed) this.editor.type(specOf(start.typed))
    if (start.caret) this.editor.takeFocus(start.caret.anchor, start.caret.head)
  }

  get clientId(): string | undefined {
    return this.claim?.clientId
  }

  /** Where the others are in this section. */
  showOthers(others: readonly LiveMark[]): void {
    this.others = others
    this.showCursors()
  }

  append(words: string): boolean {
    if (!this.session) return false
    this.editor.append(words)
    return true
  }

  end(): void {
    this.closed = true
    this.stopMarking()
    this.disconnect?.()
    this.session?.end()
    this.editor.destroy()
    this.release()
    // What was on its way when the page was left is delivered all the same.
    settlePending(this.place.store)
  }

  private sessionFor(claim: Claim, record: PendingRecord): CollabSession {
    const { topic, section, store } = this.place
    const document = { topic: topic.name, section }
    const { clientId } = claim
    const session: CollabSession = new CollabSession(section, clientId, record, {
      push: (push) => topic.pushText(push),
      textSince: (which, version) => topic.textSince(which, version),
      rejoin: () => topic.replica.connected(),
      save: (pending) => {
        if (pending) return store.save(document, clientId, pending)
        store.remove(document, clientId)
        return true
      },
      refused: (code, unsent) => {
        if (unsent) store.putAside(document, clientId, { ...document, id: newId(), words: unsent, code, at: new Date().toISOString() })
        // Not from within the session's own callback.
        queueMicrotask(() => this.reopen(session))
      },
      changed: () => {
        this.place.changed(session.words)
        this.showCursors()
      },
      later: (milliseconds, then) => {
        const timer = setTimeout(then, milliseconds)
        return () => clearTimeout(timer)
      },
    })
    this.claim = claim
    return session
  }

  private begin(session: CollabSession): void {
    this.session = session
    session.attach(this.editor)
    this.disconnect = connectSession(this.place.topic, session)
    this.place.changed(session.words)
    this.place.keptChanged()
  }

  /** After a refusal (T7): the section is read anew under a fresh id; the words lie beside it. */
  private reopen(refused: CollabSession): void {
    if (this.closed || this.session !== refused) return
    // What would be typed before the section has been read anew would belong to no text.
    this.editor.lock()
    this.disconnect?.()
    this.session = undefined
    this.release()
    this.place.keptChanged()
    const { replica } = this.place.topic
    if (replica.phase === 'removed') return
    const stop = replica.listen({
      onView: () => {
        stop()
        queueMicrotask(() => void this.openAnew())
      },
    })
    replica.reload()
  }

  private async openAnew(): Promise<void> {
    if (this.closed || this.session) return
    const { topic, section, store } = this.place
    const { claim, record } = await takeUp(clientIds(), store, { topic: topic.name, section }, () => topic.replica.view)
    if (this.closed || this.session) return claim.release()
    const session = this.sessionFor(claim, record)
    this.editor.replace((extensions) => session.createState(extensions))
    this.begin(session)
  }

  private release(): void {
    this.claim?.release()
    this.claim = undefined
  }

  // Where I am, for the others (L4).

  private startMarking(): void {
    clearInterval(this.refreshTimer)
    this.refreshTimer = setInterval(() => this.markNow(), markAgain)
    this.markSoon()
  }

  private stopMarking(): void {
    if (this.refreshTimer === undefined) return
    clearInterval(this.refreshTimer)
    clearTimeout(this.markTimer)
    this.refreshTimer = undefined
    this.markTimer = undefined
    this.place.topic.mark(null)
  }

  private markSoon(): void {
    if (this.refreshTimer === undefined || this.markTimer !== undefined) return
    this.markTimer = setTimeout(() => {
      this.markTimer = undefined
      this.markNow()
    }, markEvery)
  }

  private markNow(): void {
    const { session } = this
    if (!session || this.place.topic.replica.phase !== 'live') return
    if (document.visibilityState === 'hidden') return
    const { anchor, head } = this.editor.state.selection.main
    this.place.topic.mark({
      clientId: session.clientId,
      section: this.place.section,
      version: session.version,
      anchor: session.toVersion(anchor),
      head: session.toVersion(head),
    })
  }

  // Where the others are.

  private showCursors(): void {
    const from = this.session
    if (!from) return
    const cursors: RemoteCursor[] = []
    for (const mark of this.others) {
      const head = from.fromVersion(mark.version, mark.head)
      if (head !== null) cursors.push({ mark: mark.mark, label: this.place.whoLabel(mark.who), colour: colourOf(mark.who.id), head })
    }
    this.editor.showCursors(cursors)
  }
}

function colourOf(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % colours
}

/** A change set as the editor's own input takes it. */
function specOf(changes: ChangeSetJson): ChangeSpec[] {
  const spec: ChangeSpec[] = []
  let at = 0
  for (const part of changes) {
    if (typeof part === 'number') at += part
    else {
      spec.push({ from: at, to: at + part[0], insert: part.slice(1).join('\n') })
      at += part[0]
    }
  }
  return spec
}
