import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { take } from '@/api/client'
import { Problem } from '@/api/problem'
import type { BookMonthDay, BookMonthView } from '@/api/types'
import { askOrRecall } from '@/app/load'
import { useSessionStore } from '@/People/session'
import { monthOf } from './month'

/** The last months that were read, so that turning from day to day shows the week at once. Of one account only. */
const read = new Map<string, BookMonthView>()
const most = 12
let whose = ''

/** The days of a child's book around those that are shown; empty until they are read, and where they cannot be. */
export function useBookDays(child: () => { school: string; student: string }, days: () => readonly string[]): { readonly days: ShallowRef<ReadonlyMap<string, BookMonthDay>>; readonly studentsSign: Ref<boolean> } {
  const session = useSessionStore()
  const found = shallowRef<ReadonlyMap<string, BookMonthDay>>(new Map())
  const studentsSign = ref(false)
  let asked = 0
  let gone = false

  const show = (views: readonly (BookMonthView | undefined)[]): void => {
    const known = views.filter((one) => one !== undefined)
    if (known.length === 0) return
    found.value = new Map(known.flatMap((one) => one.days.map((day) => [day.date, day] as const)))
    studentsSign.value = known.some((one) => one.studentsSign)
  }

  watch(
    [child, days],
    async ([{ school, student }, shown]) => {
      const account = session.account?.id ?? ''
      if (whose !== account) read.clear()
      whose = account
      const mine = ++asked
      const months = [...new Set(shown.map(monthOf))]
      const keyOf = (month: string): string => `${school}/${student}/${month}`
      show(months.map((month) => read.get(keyOf(month))))
      try {
        const views = await Promise.all(
          months.map(async (month) => {
            const view = await askOrRecall((from) => take(from.GET('/api/book/children/{school}/{student}/months/{month}', { params: { path: { school, student, month } } })))
            read.delete(keyOf(month))
            read.set(keyOf(month), view)
            return view
          }),
        )
        for (const key of [...read.keys()].slice(0, -most)) read.delete(key)
        if (mine === asked && !gone) show(views)
      } catch (error) {
        // Then the week has no signs: the page itself says what is wrong, if anything is.
        if (!(error instanceof Problem)) throw error
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => (gone = true))
  return { days: found, studentsSign }
}
