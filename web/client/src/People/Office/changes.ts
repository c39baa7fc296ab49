import { sayPhone } from '@/People/phone'

/** Wording of entries of audit logs and histories. Pure: what words there are comes in from outside, so that it can be tested without a screen. */

/** A field that was changed, as the server names it: `name`, `guardian.g1.phone`, `duty.2024-2`. */
export interface FieldChange {
  field: string
  /** What the class of the field is called, where the field is about one. */
  className?: string | null
  before: string | null
  after: string | null
}

/** The words of the reader's language. */
export interface Vocabulary {
  /** The text of a key; null when there is none. */
  text(key: string): string | null
  /** What a guardian's entry is called: their name, or which of the guardians it is. */
  guardian(entry: string): string
  day(day: string): string
  time(instant: string): string
}

/** One changed field in words. */
export interface ChangedField {
  /** E.g. "李丽 · 手机号". */
  field: string
  /** Null where there was nothing. */
  before: string | null
  /** Null where there is nothing any more. */
  after: string | null
}

/** Which guardians entries of a history name: also those who are not there any more. The later entries come first, and know better. */
export function guardiansNamed(changes: readonly FieldChange[]): { entry: string; name: string }[] {
  const names = new Map<string, string>()
  for (const change of changes) {
    const [, entry, what] = /^guardian\.(\w+)(\.name)?$/.exec(change.field) ?? []
    const value = change.after ?? change.before
    if (entry === undefined || value === null || names.has(entry)) continue
    // The whole guardian is written as "王建国 father +8613900139000".
    names.set(entry, what === undefined ? value.replace(/ (father|mother|paternal\w+|maternal\w+|other)( \+\d+)?$/, '') : value)
  }
  return [...names].map(([entry, name]) => ({ entry, name }))
}

/** Fields whose values hold words of the server, and where in the texts these are. */
const vocabularies: Readonly<Record<string, string>> = {
  relation: 'office.relation',
  guardian: 'office.relation',
  custody: 'office.custody',
  access: 'office.history.access',
  slip: 'office.history.slip',
  account: 'office.history.account',
  studentAccounts: 'office.history.choice',
  offices: 'office.offices',
  duty: 'office.duty',
  lastGrade: 'office.grade',
  household: 'office.history.home',
}

/** What the server writes in figures: an instant, days from one to another, a day, a phone number. */
const numbers = /(\d{4}-\d{2}-\d{2}T[\d:.]+Z)|(\d{4}-\d{2}-\d{2})\/(\d{4}-\d{2}-\d{2})|\b(\d{4}-\d{2}-\d{2})\b|\+\d{8,15}\b/g

export function wordsOf(change: FieldChange, words: Vocabulary): ChangedField {
  const [head = change.field, middle, last] = change.field.split('.')
  // What stands behind the first word is a thing of its own: a guardian, perhaps with a field of theirs, or a class.
  const value = head === 'guardian' && last !== undefined ? last : head
  return { field: fieldOf(change, head, middle, last, words), before: valueWord(change.before, value, words), after: valueWord(change.after, value, words) }
}

/** What was done, e.g. "转班"; the general word where there is none of its own. */
export function whatWord(what: string, words: Vocabulary): string {
  return words.text(`office.history.what.${what}`) ?? words.text('office.history.what.other') ?? what
}

function fieldOf(change: FieldChange, head: string, middle: string | undefined, last: string | undefined, words: Vocabulary): string {
  if (middle === undefined) return fieldWord(head, words)
  if (head !== 'guardian') return `${fieldWord(head, words)} ${change.className ?? middle}`
  if (last === undefined) return fieldWord(head, words)
  return `${words.guardian(middle)} · ${fieldWord(last, words)}`
}

function fieldWord(name: string, words: Vocabulary): string {
  return words.text(`office.history.field.${name}`) ?? name
}

function valueWord(value: string | null, name: string, words: Vocabulary): string | null {
  if (value === null || value === '') return null
  if (name === 'guardianOrder') return value.split(' ').map((entry) => words.guardian(entry)).join('、')
  const vocabulary = vocabularies[name]
  const spoken = value.replace(numbers, (whole, instant?: string, first?: string, until?: string, day?: string) => {
    if (instant) return words.time(instant)
    if (first && until) return first === until ? words.day(first) : `${words.day(first)} – ${words.day(until)}`
    return day ? words.day(day) : sayPhone(whole)
  })
  if (vocabulary === undefined) return spoken
  // Word by word: what is no word of the server, such as a name or a subject, stays as it is.
  const parts = spoken.split(' ').map((part) => (/^[\w-]+$/.test(part) ? (words.text(`${vocabulary}.${part}`) ?? part) : part))
  return parts.join(name === 'offices' ? '、' : ' ')
}
