import type { BookPageView, ClassSheetView, SheetItemView } from '@/api/types'
import { isSomethingNewer, newerThan, standing, type Group, type Newer } from '../Page/signing'
import { tickable } from '../Sheet/sheetItems'

/** What somebody finds to do today in one child's book. */
export interface Todo {
  /** What can be ticked, done or not: it stays in its place when it is ticked. */
  items: SheetItemView[]
  /** How many of these are not ticked yet. */
  open: number
  /** Study at home has not been written. */
  write: boolean
  /** The page waits for this group's signature. */
  sign: boolean
  /** There is something newer than the group's signature saw. */
  newer: Newer | null
  /** When the class's reminder found the page unsigned; null when it did not, or it is signed now. */
  remindedAt: string | null
}

/**
 * @param as As whom it is looked at; null for who only reads.
 * @param isTicked What is ticked here, what waits to be sent included.
 */
export function todoOf(sheet: ClassSheetView, page: BookPageView, as: Group | null, isTicked: (item: string) => boolean): Todo {
  const items = sheet.items.filter((one) => tickable.includes(one.kind) && !one.isRemoved)
  if (as === null) return { items, open: 0, write: false, sign: false, newer: null, remindedAt: null }

  const signed = standing(page, as)
  const newer = signed ? newerThan(signed.seen, page, sheet) : null
  const sealed = as === 'student' ? signed ?? standing(page, 'guardian') : signed
  const homework = items.some((one) => one.kind === 'homework') || textOf(sheet, 'homework') !== ''
  return {
    items,
    open: items.filter((one) => !isTicked(one.item)).length,
    write: !sealed && homework && textOf(page, 'study-at-home') === '',
    sign: !signed && isBegun(sheet, page),
    newer: newer && isSomethingNewer(newer) ? newer : null,
    remindedAt: signed || as !== 'guardian' ? null : page.remindedAt,
  }
}

export function isNothing(todo: Todo): boolean {
  return todo.open === 0 && !todo.write && !todo.sign && todo.newer === null
}

/** A day on which nobody has written anything yet, a Sunday say, waits for nobody. */
function isBegun(sheet: ClassSheetView, page: BookPageView): boolean {
  return sheet.items.some((one) => !one.isRemoved) || page.marks.length > 0 || [...sheet.sections, ...page.sections].some((one) => one.text.trim() !== '')
}

function textOf(view: ClassSheetView | BookPageView, section: string): string {
  return view.sections.find((one) => one.section === section)?.text.trim() ?? ''
}
