import type { RouteLocationRaw } from 'vue-router'
import { addDays } from '@/app/dates'
import type { useSessionStore } from '@/People/session'

type Session = ReturnType<typeof useSessionStore>

export function pageTopic(school: string, student: string, date: string): string {
  return `page/${school}/${student}/${date}`
}

export function pageRoute(school: string, student: string, date: string): RouteLocationRaw {
  return { name: 'page', params: { school, student, date } }
}

/** The days before and after one, as far as the term goes: there is a contact book on its days. */
export function neighbours(session: Session, date: string): { previous: string | null; next: string | null } {
  const term = session.school?.term
  return {
    previous: !term || date > term.first ? addDays(date, -1) : null,
    next: !term || date < term.last ? addDays(date, 1) : null,
  }
}

/** As what somebody takes part in a class or in one child's page. The server decides; this only chooses what to show. */
export function writerKinds(session: Session, place: { school: string; class: string; student?: string }): Set<string> {
  const kinds = new Set<string>()
  if (session.classes.some((one) => one.school === place.school && one.class === place.class)) kinds.add('teacher')
  const child = session.children.find((one) => one.school === place.school && one.student === place.student)
  if (child && !child.readsOnly) kinds.add(child.relation === 'self' ? 'student' : 'guardian')
  return kinds
}

/** For which group somebody signs a page (S2): subject teachers do not, nor who only reads. */
export function signsAs(session: Session, place: { school: string; class: string; student: string }): 'teacher' | 'guardian' | 'student' | null {
  const child = session.children.find((one) => one.school === place.school && one.student === place.student)
  if (child) return child.readsOnly ? null : child.relation === 'self' ? 'student' : 'guardian'
  return session.classes.some((one) => one.school === place.school && one.class === place.class && one.role !== 'subjectTeacher') ? 'teacher' : null
}

export function mayWrite(writers: readonly string[], kinds: ReadonlySet<string>): boolean {
  return writers.some((writer) => kinds.has(writer))
}
