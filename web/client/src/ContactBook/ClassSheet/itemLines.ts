import type { SheetItemKind } from '@/api/types'

/** What is put on a sheet, as the contract takes it. */
export interface ItemWords {
  kind: SheetItemKind
  subject: string | null
  text: string
}

/** What lists are numbered with when they are pasted: "1.", "2、", "（3）", "④", "-", "•". Not "3 页" and not "1.5 公里". */
const numbering = /^\s*(?:[(（]\s*\d{1,2}\s*[)）]|\d{1,2}\s*(?:[、．)）]|\.(?!\d))|[①-⑳]|[-*•·])\s*/u

/**
 * One item a line: what is typed is one line, what is pasted may be several. A line that names a subject of the class first ("数学：第 43 页") belongs to that subject, so that a whole day's homework is pasted at once;
 * a line that holds a subject's name alone is a heading for those below it.
 */
export function linesToItems(text: string, kind: SheetItemKind, subject: string | null, subjects: readonly string[]): ItemWords[] {
  const items: ItemWords[] = []
  let heading = subject
  for (const line of text.split(/\r\n|\r|\n/)) {
    const words = line.replace(numbering, '').trim()
    if (!words) continue
    const named = subjectFirst(words, subjects)
    if (named && !named.rest) heading = named.subject
    else items.push(named ? { kind, subject: named.subject, text: named.rest } : { kind, subject: heading, text: words })
  }
  return items
}

function subjectFirst(words: string, subjects: readonly string[]): { subject: string; rest: string } | null {
  const colon = words.search(/[:：]/)
  const name = (colon < 0 ? words : words.slice(0, colon)).trim()
  return subjects.includes(name) ? { subject: name, rest: colon < 0 ? '' : words.slice(colon + 1).trim() } : null
}
