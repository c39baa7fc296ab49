/** Wording of entries of audit logs and histories. Pure: what words there are comes in from outside, so that it can be tested without a screen. */

/** A field that was changed, as the server names it: `name`, `guardian.g1.phone`, `duty.2024-2`. */
export interface FieldChange {
  field: string
  before: string | null
  after: string | null
}

/** The words of the reader's language. */
export interface Vocabulary {
  /** The text of a key; null when there is none. */
  text(key: string): string | null
  /** What a guardian's entry is called; null when it is not known here. */
  guardian(entry: string): string | null
  day(day: string): string
}

/** One changed field in words. */
export interface ChangedField {
  /** E.g. "妈妈 李丽 · 手机号". */
  field: string
  /** Null where there was nothing. */
  before: string | null
  /** Null where there is nothing any more. */
  after: string | null
}

/** Fields whose values are words of the interface, and where in the texts these are. */
const vocabularies: Readonly<Record<string, string>> = {
  relation: 'office.relation',
  custody: 'office.custody',
  offices: 'office.offices',
  office: 'office.offices',
  duty: 'office.duty',
  kind: 'office.duty',
  grade: 'office.grade',
  lastGrade: 'office.grade',
  household: 'office.guardian.household',
  scopes: 'tokens.scope',
}

export function wordsOf(change: FieldChange, words: Vocabulary): ChangedField {
  const parts = change.field.split('.')
  const name = parts.at(-1) ?? change.field
  const [head, middle] = parts
  if (parts.length === 3 && head === 'guardian' && middle !== undefined) {
    const who = words.guardian(middle) ?? words.text('office.history.aGuardian') ?? middle
    return { field: `${who} · ${fieldWord(name, words)}`, ...values(change, name, words) }
  }
  // What stands behind the first word is a thing of its own: a guardian, a class.
  if (parts.length === 2 && head !== undefined && middle !== undefined) {
    const thing = head === 'guardian' ? (words.guardian(middle) ?? '') : middle
    return { field: [fieldWord(head, words), thing].filter(Boolean).join(' '), ...values(change, head, words) }
  }
  return { field: fieldWord(name, words), ...values(change, name, words) }
}

/** What was done, e.g. "改了班级"; the general word where there is none of its own. */
export function whatWord(what: string, words: Vocabulary): string {
  return words.text(`office.history.what.${what}`) ?? words.text('office.history.what.other') ?? what
}

function fieldWord(name: string, words: Vocabulary): string {
  return words.text(`office.history.field.${name}`) ?? name
}

function values(change: FieldChange, name: string, words: Vocabulary): { before: string | null; after: string | null } {
  return { before: valueWord(change.before, name, words), after: valueWord(change.after, name, words) }
}

function valueWord(value: string | null, name: string, words: Vocabulary): string | null {
  if (value === null || value === '') return null
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return words.day(value)
  if (value === 'true') return words.text('office.history.yes') ?? value
  if (value === 'false') return words.text('office.history.no') ?? value
  const vocabulary = vocabularies[name]
  if (vocabulary === undefined) return value
  // A list of words, or one: each is looked up, what is no word of the interface stays as it is.
  return value
    .split(/([,，、;]\s*|\s+)/)
    .map((part, index) => (index % 2 === 1 ? (/^\s+$/.test(part) ? ' ' : '、') : (words.text(`${vocabulary}.${part}`) ?? part)))
    .join('')
}
