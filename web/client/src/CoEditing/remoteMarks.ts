import { EditorSelection, StateEffect, StateField, Transaction, type Extension } from '@codemirror/state'
import { EditorView, RectangleMarker, ViewPlugin, layer, type LayerMarker, type ViewUpdate } from '@codemirror/view'

/** Where somebody else is writing in this text. */
export interface RemoteCursor {
  mark: string
  label: string
  /** One of `colours` places in the palette; the name is always beside it, colour is never the only sign. */
  colour: number
  head: number
}

export const colours = 6

const placeCursors = StateEffect.define<readonly RemoteCursor[]>()
const fadeGlow = StateEffect.define<number>()

const cursors = StateField.define<readonly RemoteCursor[]>({
  create: () => [],
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(placeCursors)) value = effect.value
    // A cursor stays behind what its writer types; the next mark says exactly where it is.
    if (transaction.docChanged) value = value.map((cursor) => ({ ...cursor, head: transaction.changes.mapPos(cursor.head, 1) }))
    return value
  },
})

interface Glow {
  id: number
  from: number
  to: number
}

let nextGlow = 0

/** What others have just written, for a short highlight. */
const glows = StateField.define<readonly Glow[]>({
  create: () => [],
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(fadeGlow)) value = value.filter((glow) => glow.id > effect.value)
    if (!transaction.docChanged) return value
    const mapped = value
      .map((glow) => ({ ...glow, from: transaction.changes.mapPos(glow.from, 1), to: transaction.changes.mapPos(glow.to, -1) }))
      .filter((glow) => glow.from < glow.to)
    if (!transaction.annotation(Transaction.remote)) return mapped
    transaction.changes.iterChangedRanges((_fromA, _toA, from, to) => {
      if (from < to) mapped.push({ id: ++nextGlow, from, to })
    })
    return mapped.slice(-40)
  },
})

class CursorMarker implements LayerMarker {
  constructor(
    private readonly cursor: RemoteCursor,
    private readonly left: number,
    private readonly top: number,
    private readonly height: number,
    /** The name goes to the left of the bar where there is no room on its right. */
    private readonly atEnd: boolean,
  ) {}

  eq(other: LayerMarker): boolean {
    return (
      other instanceof CursorMarker &&
      other.cursor.mark === this.cursor.mark &&
      other.cursor.label === this.cursor.label &&
      other.left === this.left &&
      other.top === this.top &&
      other.height === this.height &&
      other.atEnd === this.atEnd
    )
  }

  draw(): HTMLElement {
    const bar = document.createElement('div')
    const flag = document.createElement('span')
    flag.textContent = this.cursor.label
    bar.append(flag)
    this.place(bar)
    return bar
  }

  update(bar: HTMLElement, old: LayerMarker): boolean {
    if (!(old instanceof CursorMarker) || old.cursor.mark !== this.cursor.mark || old.cursor.label !== this.cursor.label) return false
    this.place(bar)
    return true
  }

  private place(bar: HTMLElement): void {
    // Two names for one animation: the flag shows itself again whenever the cursor has moved, and then makes room for the text under it.
    bar.className = `remote-cursor remote-colour-${this.cursor.colour} ${bar.classList.contains('moved-a') ? 'moved-b' : 'moved-a'}${this.atEnd ? ' at-end' : ''}`
    bar.style.left = `${this.left}px`
    bar.style.top = `${this.top}px`
    bar.style.height = `${this.height}px`
  }
}

function cursorMarkers(view: EditorView): readonly LayerMarker[] {
  const origin = view.scrollDOM.getBoundingClientRect()
  const markers: LayerMarker[] = []
  for (const cursor of view.state.field(cursors)) {
    const at = view.coordsAtPos(Math.min(cursor.head, view.state.doc.length), -1)
    if (!at) continue
    const left = at.left - origin.left + view.scrollDOM.scrollLeft
    const top = at.top - origin.top + view.scrollDOM.scrollTop
    markers.push(new CursorMarker(cursor, left, top, at.bottom - at.top, left > origin.width / 2))
  }
  return markers
}

const glowTime = 1_600

/**
 * Others' cursors and the highlight of what they wrote. Both are drawn in layers beside the text and never inside it, so
 * that nothing of them can disturb a composition or what a screen reader reads (T8).
 */
export function remoteMarks(): Extension {
  return [
    cursors,
    glows,
    layer({
      above: true,
      class: 'remote-cursors',
      markers: cursorMarkers,
      update: (update: ViewUpdate) => update.docChanged || update.geometryChanged || update.startState.field(cursors) !== update.state.field(cursors),
    }),
    layer({
      above: false,
      class: 'remote-glows',
      markers: (view) =>
        view.state
          .field(glows)
          .flatMap((glow) => RectangleMarker.forRange(view, 'remote-glow', EditorSelection.range(glow.from, Math.min(glow.to, view.state.doc.length)))),
      update: (update: ViewUpdate) => update.docChanged || update.startState.field(glows) !== update.state.field(glows),
    }),
    ViewPlugin.define((view) => {
      const timers = new Set<ReturnType<typeof setTimeout>>()
      return {
        update(update) {
          const before = update.startState.field(glows).at(-1)?.id ?? 0
          const now = update.state.field(glows).at(-1)?.id ?? 0
          if (now <= before) return
          const timer = setTimeout(() => {
            timers.delete(timer)
            view.dispatch({ effects: fadeGlow.of(now) })
          }, glowTime)
          timers.add(timer)
        },
        destroy: () => timers.forEach((timer) => clearTimeout(timer)),
      }
    }),
  ]
}

export function showCursors(view: EditorView, list: readonly RemoteCursor[]): void {
  if (list.length === 0 && view.state.field(cursors).length === 0) return
  view.dispatch({ effects: placeCursors.of(list) })
}
