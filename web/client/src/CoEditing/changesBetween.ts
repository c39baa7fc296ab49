import type { ChangeSetJson } from '@/Live/wire'

/**
 * The change that leads from one text to another, as one replacement; null where they are the same. For what was typed where there is no editor yet. No character
 * of two code units is cut in half: the authority would refuse it (T7).
 */
export function changesBetween(before: string, after: string): ChangeSetJson | null {
  if (before === after) return null
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++
  if (start > 0 && isFirstHalf(before.charCodeAt(start - 1))) start--
  let end = 0
  while (end < shorter - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++
  if (end > 0 && isSecondHalf(before.charCodeAt(before.length - end))) end--
  const deleted = before.length - end - start
  const inserted = after.slice(start, after.length - end)
  const replacement: [number, ...string[]] = inserted === '' ? [deleted] : [deleted, ...inserted.split('\n')]
  return [...(start > 0 ? [start] : []), replacement, ...(end > 0 ? [end] : [])]
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
