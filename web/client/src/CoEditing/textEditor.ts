import { history, historyKeymap, standardKeymap } from '@codemirror/commands'
import { EditorState, StateEffect, type ChangeSpec, type Extension, type Transaction } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import type { TextHost } from './collabSession'
import { longest } from './pendingStore'
import { wholeCharacters } from './wholeCharacters'
import { remoteMarks, showCursors, type RemoteCursor } from './remoteMarks'

export interface TextEditorOptions {
  parent: HTMLElement
  labelledBy: string
  describedBy: string
  placeholder: string
  transacted(transaction: Transaction): void
  /** The caret was moved, or the text around it. */
  moved(): void
  focused(has: boolean): void
  compositionEnded(): void
}

/** After a pause of this length others may see the letters of a composition that goes on. */
const composedLetters = 2_000
/** After a pause of this length changes of other lines are let in; the composed line itself stays untouched until the composition ends. */
const composedPause = 3_000

/** CodeMirror as an ordinary form field: it grows with its text, wraps its lines, and Tab leaves it. */
export class TextEditor implements TextHost {
  readonly view: EditorView
  private composedAt = 0

  constructor(
    private readonly options: TextEditorOptions,
    state: (extensions: Extension) => EditorState,
  ) {
    this.view = new EditorView({
      parent: options.parent,
      state: state(this.extensions()),
      dispatchTransactions: (transactions, view) => {
        view.update(transactions)
        for (const transaction of transactions) options.transacted(transaction)
      },
    })
  }

  get state(): EditorState {
    return this.view.state
  }

  dispatch(transactions: readonly Transaction[]): void {
    this.view.dispatch(transactions)
  }

  /** A text read anew takes the place of this one. */
  replace(state: (extensions: Extension) => EditorState): void {
    this.view.setState(state(this.extensions()))
  }

  /** Takes no more letters until `replace`. */
  lock(): void {
    this.view.dispatch({ effects: StateEffect.appendConfig.of([EditorState.readOnly.of(true), EditorView.editable.of(false)]) })
  }

  mayApply(transaction: Transaction): boolean {
    if (!transaction.docChanged || !this.view.composing) return true
    if (performance.now() - this.composedAt < composedPause) return false
    const { doc, selection } = transaction.startState
    const line = doc.lineAt(selection.main.head)
    let touches = false
    transaction.changes.iterChangedRanges((from, to) => {
      if (from <= line.to && to >= line.from) touches = true
    })
    return !touches
  }

  holdsBack(): boolean {
    return this.view.composing && performance.now() - this.composedAt < composedLetters
  }

  showCursors(cursors: readonly RemoteCursor[]): void {
    showCursors(this.view, cursors)
  }

  /** Adds words at the end as its writer's own. */
  append(words: string): void {
    const { doc } = this.view.state
    const text = doc.length === 0 || doc.line(doc.lines).length === 0 ? words : `\n${words}`
    this.view.dispatch({ changes: { from: doc.length, insert: text }, userEvent: 'input.paste' })
  }

  /** What was typed where this editor is now, before it was there. */
  type(changes: ChangeSpec): void {
    this.view.dispatch({ changes, userEvent: 'input.type' })
  }

  /** The caret goes where it was in the field that this editor takes the place of. */
  takeFocus(anchor: number, head: number): void {
    const end = this.view.state.doc.length
    this.view.dispatch({ selection: { anchor: Math.min(anchor, end), head: Math.min(head, end) } })
    this.view.focus()
  }

  destroy(): void {
    this.view.destroy()
  }

  private extensions(): Extension {
    return [
      history(),
      EditorState.changeFilter.of((transaction) => transaction.newDoc.length <= longest || transaction.newDoc.length < transaction.startState.doc.length),
      keymap.of([...standardKeymap, ...historyKeymap]),
      EditorView.lineWrapping,
      wholeCharacters(),
      placeholder(this.options.placeholder),
      remoteMarks(),
      EditorView.contentAttributes.of({
        'aria-labelledby': this.options.labelledBy,
        'aria-describedby': this.options.describedBy,
        // It is prose: let phones help with it, as in any other field.
        spellcheck: 'true',
        autocorrect: 'on',
        autocapitalize: 'sentences',
      }),
      EditorView.updateListener.of((update) => {
        if (update.focusChanged) this.options.focused(update.view.hasFocus)
        if (update.selectionSet || update.docChanged) this.options.moved()
      }),
      EditorView.domEventHandlers({
        compositionstart: () => this.composed(),
        compositionupdate: () => this.composed(),
        // CodeMirror reads the composed text from the page after this event; what waited for it goes in after that.
        compositionend: () => void setTimeout(() => this.options.compositionEnded(), 20),
      }),
    ]
  }

  private composed(): void {
    this.composedAt = performance.now()
  }
}
