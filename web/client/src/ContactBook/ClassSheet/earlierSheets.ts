import { addDays, type Day } from '@/app/dates'
import type { ClassSheetView, SheetItemView } from '@/api/types'

/** How far back one looks for a sheet to copy from: over the longest holiday within a term. */
export const daysLookedBack = 14

/** The days before one, the nearest first, as far as the term goes. */
export function daysBefore(date: Day, first: Day | null, most = daysLookedBack): Day[] {
  return Array.from({ length: most }, (_, at) => addDays(date, -1 - at)).filter((day) => first === null || day >= first)
}

/** What there is to copy: what was taken off is not. */
export function toCopy(sheet: Pick<ClassSheetView, 'items'>): SheetItemView[] {
  return sheet.items.filter((item) => !item.isRemoved)
}

/**
 * The nearest earlier sheet that has something to copy: days without school have none, and nobody needs to know which they are. A few are asked for at a time, for it is nearly always the first or, on Mondays, the third.
 */
export async function lastWithItems(days: readonly Day[], ask: (day: Day) => Promise<ClassSheetView>, atOnce = 3): Promise<ClassSheetView | null> {
  for (let at = 0; at < days.length; at += atOnce) {
    const sheets = await Promise.all(days.slice(at, at + atOnce).map(ask))
    const found = sheets.find((sheet) => toCopy(sheet).length > 0)
    if (found) return found
  }
  return null
}
