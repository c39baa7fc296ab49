// Answers each line of standard input (one JSON object) with one line: what the real CodeMirror makes of it.
import { createInterface } from 'node:readline'
import { ChangeSet, EditorState, Text } from '@codemirror/state'
import { collab, getSyncedVersion, rebaseUpdates, receiveUpdates, sendableUpdates } from '@codemirror/collab'

/** Everything that two concurrent changes a and b of a text, and a change that follows a, can be asked. */
function algebra({ text, a: jsonA, b: jsonB, next: jsonNext }) {
  const [a, b, next] = [jsonA, jsonB, jsonNext].map((json) => ChangeSet.fromJSON(json))
  const doc = Text.of(text.split('\n'))
  return {
    readAgain: [a.toJSON(), b.toJSON(), next.toJSON()],
    lengths: [a.length, a.newLength, a.empty],
    applied: a.apply(doc).toString(),
    composed: a.compose(next).toJSON(),
    composedDesc: a.desc.composeDesc(next.desc).toString(),
    mapped: b.map(a).toJSON(),
    mappedBefore: a.map(b, true).toJSON(),
    mappedDesc: b.desc.mapDesc(a.desc).toString(),
    mappedDescBefore: a.desc.mapDesc(b.desc, true).toString(),
    merged: b.map(a).apply(a.apply(doc)).toString(),
    positions: Array.from({ length: doc.length + 1 }, (_, pos) => [a.mapPos(pos, -1), a.mapPos(pos, 1)]),
  }
}

/** Does again what several editors and the authority did, step by step. */
function history({ clients, log }) {
  const editors = clients.map((clientID) => EditorState.create({ extensions: collab({ clientID }) }))
  const update = ({ clientID, changes }) => ({ clientID, changes: ChangeSet.fromJSON(changes) })
  return log.map((step) => {
    if (step.do === 'rebase') {
      // One accepted update at a time; T3 says why.
      let updates = step.updates.map(update)
      for (const accepted of step.over.map(update)) updates = rebaseUpdates(updates, [accepted])
      return updates.map(({ changes }) => changes.toJSON())
    }

    const editor = editors[step.who]
    const transaction =
      step.do === 'change'
        ? editor.update({ changes: ChangeSet.fromJSON(step.changes) })
        : receiveUpdates(editor, [update(step.update)])
    const state = transaction.state
    editors[step.who] = state
    return {
      version: getSyncedVersion(state),
      text: state.doc.toString(),
      sendable: sendableUpdates(state).map(({ changes }) => changes.toJSON()),
    }
  })
}

/** Composed rebasing, as the library does it by itself, of a push over everything at once. */
function rebaseAtOnce({ updates, over }) {
  const update = ({ clientID, changes }) => ({ clientID, changes: ChangeSet.fromJSON(changes) })
  return rebaseUpdates(updates.map(update), over.map(update)).map(({ changes }) => changes.toJSON())
}

const kinds = { algebra, history, rebaseAtOnce }
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line)
  process.stdout.write(`${JSON.stringify(kinds[question.kind](question))}\n`)
}
