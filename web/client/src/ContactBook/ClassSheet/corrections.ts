import { reactive, watch, type Ref } from 'vue'
import type { SheetItemView } from '@/api/types'
import type { Where } from './sheetCommands'

/** Words with which somebody is changing an item. They are held above the lists: whatever others do to the item meanwhile, they are still there. */
export interface Correction {
  /** The list that one writes in. */
  where: Where
  /** What one's words are based on; a draft and its sheet count their changes apart. */
  base: { where: Where; version: number }
  subject: string | null
  text: string
}

/** By the item's id, which it keeps when it goes over to the sheet. */
export type Corrections = Map<string, Correction>

/**
 * @param begun Where they are kept while the page is closed. Those whose item is neither in the draft nor on the sheet any more are in no list: their words are answered as `lost`, and are not kept.
 */
export function newCorrections(begun: Ref<string>, draft: readonly SheetItemView[], sheet: readonly SheetItemView[]): { corrections: Corrections; lost: string[] } {
  const corrections: Corrections = reactive(new Map<string, Correction>())
  const lost: string[] = []
  for (const [item, correction] of kept(begun.value)) {
    const where = (['drafts', 'sheets'] as const).find((one) => (one === 'drafts' ? draft : sheet).some((now) => now.item === item))
    if (where) corrections.set(item, { ...correction, where })
    else lost.push(correction.subject ? `${correction.subject}：${correction.text}` : correction.text)
  }
  watch(corrections, () => (begun.value = corrections.size === 0 ? '' : JSON.stringify([...corrections])), { flush: 'sync', deep: true, immediate: true })
  return { corrections, lost }
}

function kept(text: string): [string, Correction][] {
  if (!text) return []
  try {
    return JSON.parse(text) as [string, Correction][]
  } catch {
    return []
  }
}

/** Begins to change an item. Words that one has begun where it stood before go on here. */
export function begin(corrections: Corrections, item: SheetItemView, where: Where): void {
  const before = corrections.get(item.item)
  corrections.set(item.item, { where, base: { where, version: item.version }, subject: before ? before.subject : item.subject, text: before ? before.text : item.text })
}

/** What somebody who changes an item finds it to be: as they know it, changed or removed by a colleague, released to families, or gone from the draft without being on the sheet. */
export type Found = 'same' | 'changed' | 'removed' | 'released' | 'gone'

/**
 * @param here The item in the list that one writes in; undefined where it is no longer there.
 * @param onSheet The item on the sheet, for one that was in the draft.
 */
export function foundAs(correction: Correction, here: SheetItemView | undefined, onSheet: SheetItemView | undefined): Found {
  const { base } = correction
  const now = here ?? onSheet
  if (!now) return 'gone'
  const isReleased = !here
  // One's own change may be known before the live view tells of it.
  if (base.where === (isReleased ? 'sheets' : correction.where) && base.version >= now.version) return 'same'
  if (now.isRemoved) return 'removed'
  return isReleased ? 'released' : 'changed'
}

/** A list as it is now, with those that left it while somebody was changing them still in their place. */
export function keepInPlace(before: readonly SheetItemView[], now: readonly SheetItemView[], isKept: (item: string) => boolean): SheetItemView[] {
  const shown = [...now]
  for (const [at, item] of before.entries()) {
    const placeOf = (other: SheetItemView): number => shown.findIndex((one) => one.item === other.item)
    if (!isKept(item.item) || placeOf(item) >= 0) continue
    const previous = before.slice(0, at).findLast((one) => placeOf(one) >= 0)
    shown.splice(previous ? placeOf(previous) + 1 : 0, 0, item)
  }
  return shown
}
