import type { ChildDayView, MarkLevel } from '@/api/types'

/** How a child's day went, mark by mark, in reading order; the ids are the contract's. */
export const quickMarks = ['attention', 'homework', 'conduct', 'lunch', 'wellbeing'] as const
export type MarkName = (typeof quickMarks)[number]
export const levels = ['good', 'fair', 'care'] as const satisfies readonly MarkLevel[]

/** What one child's marks become; null takes a mark away. Marks that are not named stay. */
export type MarkChange = Partial<Record<MarkName, MarkLevel | null>>

/** What several children's marks become. */
export type MarkChanges = Map<string, MarkChange>

type Marked = Pick<ChildDayView, 'marks'>

export function levelOf(child: Marked, mark: MarkName): MarkLevel | null {
  return child.marks.find((one) => one.mark === mark)?.level ?? null
}

/** The next level as Space goes through them: nothing, good, fair, to be looked after, nothing. */
export function nextLevel(level: MarkLevel | null): MarkLevel | null {
  if (level === null) return levels[0]
  return levels[levels.indexOf(level) + 1] ?? null
}

/** Which level a digit stands for; undefined for other keys. */
export function levelOfKey(key: string): MarkLevel | null | undefined {
  if (key === '0' || key === 'Delete' || key === 'Backspace') return null
  return levels[Number(key) - 1]
}

/** A child's marks with changes that are on their way. */
export function withChange<T extends Marked>(child: T, change: MarkChange | undefined): T {
  if (!change) return child
  const marks = quickMarks.flatMap((mark) => {
    const level = change[mark] === undefined ? levelOf(child, mark) : change[mark]
    return level ? [{ mark, level }] : []
  })
  return { ...child, marks }
}

/**
 * "The same for all": every child gets the level, in one respect or in all. With `onlyEmpty`, what somebody has already entered stays as it is: "the same for all except those". Only what becomes different is a change.
 */
export function sameForAll(children: readonly (Marked & { student: string })[], level: MarkLevel, marks: readonly MarkName[], onlyEmpty: boolean): MarkChanges {
  const changes: MarkChanges = new Map()
  for (const child of children) {
    const change: MarkChange = {}
    for (const mark of marks) {
      const now = levelOf(child, mark)
      if (now !== level && !(onlyEmpty && now !== null)) change[mark] = level
    }
    if (Object.keys(change).length > 0) changes.set(child.student, change)
  }
  return changes
}

/** What takes changes back: for each mark that they change, what it was before. */
export function undoOf(children: readonly (Marked & { student: string })[], changes: MarkChanges): MarkChanges {
  const back: MarkChanges = new Map()
  for (const child of children) {
    const change = changes.get(child.student)
    if (!change) continue
    back.set(child.student, Object.fromEntries(quickMarks.filter((mark) => change[mark] !== undefined).map((mark) => [mark, levelOf(child, mark)])))
  }
  return back
}

/** One command: the same marks for these children. */
export interface MarkBatch {
  children: string[]
  marks: { mark: MarkName; level: MarkLevel | null }[]
}

/** As few commands as will do: children whose marks change alike go together. */
export function batchesOf(changes: MarkChanges): MarkBatch[] {
  const batches = new Map<string, MarkBatch>()
  for (const [student, change] of changes) {
    const marks = quickMarks.flatMap((mark) => (change[mark] === undefined ? [] : [{ mark, level: change[mark] ?? null }]))
    if (marks.length === 0) continue
    const key = JSON.stringify(marks)
    const batch = batches.get(key)
    if (batch) batch.children.push(student)
    else batches.set(key, { children: [student], marks })
  }
  return [...batches.values()]
}
