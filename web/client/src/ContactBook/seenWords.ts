import type { BookPageView } from '@/api/types'

/**
 * Which words of the school this family has seen, on this device: the versions of a child's latest page that was open.
 * Only for "the teacher has new words" on the Today screen; no texts are kept.
 */
interface Seen {
  topic: string
  versions: Record<string, number>
}

function keyOf(account: string, view: BookPageView): string {
  return `${prefixOf(account)}${view.school}/${view.student}`
}

function prefixOf(account: string): string {
  return `schoolhome/seen/${account}/`
}

export function markSeen(account: string, view: BookPageView): void {
  const before = read(account, view)
  // Turning back to an older day must not make today's words new again.
  if (before && before.topic > view.topic) return
  const seen: Seen = { topic: view.topic, versions: Object.fromEntries(view.sections.map((one) => [one.section, one.version])) }
  try {
    localStorage.setItem(keyOf(account, view), JSON.stringify(seen))
  } catch {
    // Then the words stay new.
  }
}

export function isNewFromSchool(account: string, view: BookPageView): boolean {
  const seen = read(account, view)
  return view.sections.some((one) => {
    const byTeacher = ['classTeacher', 'subjectTeacher', 'counsellor'].includes(one.edited?.by.role ?? '')
    const known = seen?.topic === view.topic ? (seen.versions[one.section] ?? 0) : 0
    return byTeacher && one.text.trim() !== '' && one.version > known
  })
}

export function forgetSeen(account: string): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefixOf(account))) localStorage.removeItem(key)
}

function read(account: string, view: BookPageView): Seen | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(account, view)) ?? 'null') as Seen | null
  } catch {
    return null
  }
}
