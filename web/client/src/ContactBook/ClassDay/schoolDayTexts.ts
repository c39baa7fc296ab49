import { onScopeDispose, reactive, ref, watch } from 'vue'
import { take } from '@/api/client'
import type { ChildDayView, ClassDayView } from '@/api/types'
import { askOrRecall } from '@/app/load'
import { useSessionStore } from '@/People/session'
import { pageTopic } from '../book'
import { withPending } from './pendingText'
import { fewAtATime } from './signMany'

export const schoolDay = 'school-day'

/**
 * What is written about the children of a class at school, for lists that show it without editing. The class's day tells only whether there is a text; the texts of those who have one are fetched, a few at a time.
 */
export function useSchoolDayTexts(day: () => ClassDayView | null): { texts: Map<string, string>; pending: Set<string>; left: (student: string, confirmed: string | null) => void } {
  const session = useSessionStore()
  const texts = reactive(new Map<string, string>())
  /** Whose words lie in this browser only. */
  const pending = reactive(new Set<string>())
  const asked = new Set<string>()
  const isGone = ref(false)
  let timer: ReturnType<typeof setInterval> | undefined

  async function fetchText(student: string): Promise<void> {
    const now = day()
    if (!now || isGone.value) return
    try {
      const { school, date } = now
      const page = await askOrRecall((from) => take(from.GET('/api/book/pages/{school}/{student}/{date}', { params: { path: { school, student, date } } })))
      texts.set(student, withPending(session.store, page.topic, schoolDay, page.sections.find((one) => one.section === schoolDay)?.text ?? ''))
    } catch {
      // The sign that there is a text stands; it is asked for again when it is next changed or opened.
      asked.delete(student)
    }
  }

  watch(
    () => day()?.children,
    (children: readonly ChildDayView[] = []) => {
      const news = children.filter((child) => child.filled.includes(schoolDay) && !asked.has(child.student)).map((child) => child.student)
      for (const student of news) asked.add(student)
      for (const child of children) {
        if (child.filled.includes(schoolDay) || !asked.delete(child.student)) continue
        if (!pending.has(child.student)) texts.delete(child.student)
      }
      void fewAtATime(news, 6, fetchText)
    },
    { immediate: true },
  )

  function look(): void {
    const now = day()
    for (const student of pending) {
      if (now && session.store.pending({ topic: pageTopic(now.school, student, now.date), section: schoolDay }).length === 0) pending.delete(student)
    }
    if (pending.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  /** An editor was closed: what it showed stays to be seen, also while it is on its way. */
  function left(student: string, confirmed: string | null): void {
    const now = day()
    if (!now) return
    const topic = pageTopic(now.school, student, now.date)
    const text = withPending(session.store, topic, schoolDay, confirmed ?? texts.get(student) ?? '')
    if (text.trim()) texts.set(student, text)
    else texts.delete(student)
    if (session.store.pending({ topic, section: schoolDay }).length === 0) return
    pending.add(student)
    timer ??= setInterval(look, 500)
  }

  onScopeDispose(() => {
    isGone.value = true
    clearInterval(timer)
  })
  return { texts, pending, left }
}
