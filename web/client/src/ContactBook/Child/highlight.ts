/** A stretch of text, and whether it is what was looked for. */
export interface Stretch {
  text: string
  found: boolean
}

/** Parts a text at the places where the words that were looked for are, whatever their case. */
export function highlight(text: string, query: string): Stretch[] {
  const words = query.trim().toLocaleLowerCase()
  const lower = text.toLocaleLowerCase()
  // Where lower case has another length (İ) the places would not be the same: then nothing is marked.
  if (!words || lower.length !== text.length) return text ? [{ text, found: false }] : []
  const parts: Stretch[] = []
  let from = 0
  for (let at = lower.indexOf(words); at >= 0; at = lower.indexOf(words, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), found: false })
    from = at + words.length
    parts.push({ text: text.slice(at, from), found: true })
  }
  if (from < text.length) parts.push({ text: text.slice(from), found: false })
  return parts
}
