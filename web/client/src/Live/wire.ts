import type { ChildDayView, SheetItemView } from '@/api/types'

/** The wire shapes of grain-interfaces/Live/PROTOCOL.md, as a browser sees them. */

/** CodeMirror's change-set JSON: kept lengths as numbers, replacements as `[deleted, ...insertedLines]`. */
export type ChangeSetJson = readonly (number | readonly [number, ...string[]])[]

/** One accepted update of a text, already rebased by the authority (T2, T3). */
export interface TextUpdate {
  clientId: string
  seq: number
  changes: ChangeSetJson
}

/** Somebody as others may see them on a page. */
export interface Who {
  id: string
  name: string
  role: string
  relation?: string | null
}

/** What a topic's view is at least: where it stands (L3). */
export interface VersionedView {
  epoch: string
  n: number
}

export interface TextChange {
  kind: 'text'
  section: string
  /** The version after the last of `updates`. */
  version: number
  updates: TextUpdate[]
  by: Who
  at: string
}

export interface ChildChange {
  kind: 'child'
  child: ChildDayView
}

/** A field of the view is now so. */
export interface FieldChange {
  kind: 'set'
  field: string
  value: unknown
}

/** An item of a class sheet, or of its draft, is now so, or new. */
export interface ItemChange {
  kind: 'item'
  item: SheetItemView
}

export interface ItemGoneChange {
  kind: 'item-gone'
  item: string
}

export type KnownChange = TextChange | ChildChange | FieldChange | ItemChange | ItemGoneChange
/** A change of an unknown kind came with a newer server and is skipped. */
export type Change = KnownChange | { kind: string & Record<never, never> }

export interface LiveEvent {
  epoch: string
  n: number
  changes: Change[]
}

/** A cursor or presence mark (L4). */
export interface PlacedMark {
  mark: string
  who: Who
  clientId: string
  section: string
  version: number
  anchor: number
  head: number
}

export interface GoneMark {
  mark: string
  gone: true
}

export type Mark = PlacedMark | GoneMark

export interface EventFrame extends LiveEvent {
  topic: string
}

export interface ViewFrame<View = unknown> {
  topic: string
  epoch: string
  n: number
  view: View
}

export interface MarksFrame {
  topic: string
  marks: Mark[]
}

export interface RemovedFrame {
  topic: string
  removed: string
}

export type Frame = EventFrame | ViewFrame | MarksFrame | RemovedFrame

export interface Have {
  epoch: string
  n: number
}

export interface Refused {
  ok: false
  code: string
}

export interface Joined<View = unknown> {
  ok: true
  epoch: string
  n: number
  view?: View | null
  events?: LiveEvent[] | null
  marks?: Mark[] | null
}

export interface PushText {
  section: string
  version: number
  clientId: string
  firstSeq: number
  changes: ChangeSetJson[]
}

export type PushAnswer = { ok: true; version: number } | Refused
export type TextSinceAnswer = { ok: true; version: number; updates: TextUpdate[] } | Refused

export interface MarkPlaced {
  clientId: string
  section: string
  version: number
  anchor: number
  head: number
}
