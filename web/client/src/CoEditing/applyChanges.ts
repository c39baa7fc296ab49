import type { ChangeSetJson } from '@/Live/wire'

/** Thrown where a change set was made for another text; the reader then asks for the whole view. */
export class DoesNotFit extends Error {}

/**
 * Applies a change set to a plain string. The screens that only read use this, so that a parent's first page need not
 * fetch the editor. Lengths are UTF-16 units and a line break counts as one, as in CodeMirror.
 */
export function applyChanges(text: string, changes: ChangeSetJson): string {
  let at = 0
  let result = ''
  for (const part of changes) {
    if (typeof part === 'number') {
      result += text.slice(at, at + part)
      at += part
    } else {
      at += part[0]
      result += part.slice(1).join('\n')
    }
    if (at > text.length) throw new DoesNotFit(`change set reaches ${at} of ${text.length}`)
  }
  if (at !== text.length) throw new DoesNotFit(`change set is for ${at} of ${text.length}`)
  return result
}
