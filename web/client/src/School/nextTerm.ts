import type { Day } from '@/app/dates'
import type { SchoolDraft } from './draft'

type Term = SchoolDraft['terms'][number]

/** A proposal for the term after the last one, by the usual year: from September to January, from February to July. */
export function nextTerm(terms: readonly Term[], today: Day): Term {
  const last = terms.reduce<Term | null>((latest, term) => (!latest || term.last > latest.last ? term : latest), null)
  if (last) return monthOf(last.first) >= 7 ? termOf(last.schoolYear, 2) : termOf(last.schoolYear + 1, 1)
  const year = Number(today.slice(0, 4))
  if (monthOf(today) >= 8) return termOf(year, 1)
  return termOf(year - 1, monthOf(today) === 1 ? 1 : 2)
}

function monthOf(day: Day): number {
  return Number(day.slice(5, 7))
}

function termOf(schoolYear: number, half: 1 | 2): Term {
  // As schools here write it, in every language of the screen.
  const name = `${schoolYear}–${schoolYear + 1}学年第${half === 1 ? '一' : '二'}学期`
  return half === 1
    ? { name, first: `${schoolYear}-09-01`, last: `${schoolYear + 1}-01-20`, schoolYear }
    : { name, first: `${schoolYear + 1}-02-20`, last: `${schoolYear + 1}-07-05`, schoolYear }
}
