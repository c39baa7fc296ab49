import { EditorState, Transaction, type ChangeSpec, type Extension, type Text } from '@codemirror/state'

/**
 * Widens a change that would cut a character of two code units in half (an emoji, a rare Chinese character) to the whole
 * character, and lets no half of one in: stored as UTF-8 it would be another text, and the authority refuses it (T7).
 */
export function wholeCharacters(): Extension {
  return EditorState.transactionFilter.of((transaction) => {
    if (!transaction.docChanged || transaction.annotation(Transaction.remote)) return transaction
    const { doc } = transaction.startState
    const changes: ChangeSpec[] = []
    let widened = false
    transaction.changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
      const from = isInside(doc, fromA) ? fromA - 1 : fromA
      const to = toA > fromA && isInside(doc, toA) ? toA + 1 : fromA === toA && from < fromA ? toA + 1 : toA
      const text = inserted.toString()
      const insert = wellFormed(doc.sliceString(from, fromA) + text + doc.sliceString(toA, to))
      if (from !== fromA || to !== toA || insert !== text) widened = true
      changes.push({ from, to, insert })
    }, true)
    if (!widened) return transaction
    const userEvent = transaction.annotation(Transaction.userEvent)
    return [{ changes, scrollIntoView: transaction.scrollIntoView, ...(userEvent ? { userEvent } : {}) }]
  })
}

/** Whether a position is between the two halves of one character. */
function isInside(doc: Text, position: number): boolean {
  return position > 0 && position < doc.length && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(doc.sliceString(position - 1, position + 1))
}

/** A half without its other half becomes the replacement character. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
}
