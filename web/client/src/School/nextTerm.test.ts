import { expect, test } from 'vitest'
import { nextTerm } from './nextTerm'

const autumn = { name: '2026–2027学年第一学期', first: '2026-09-01', last: '2027-01-20', schoolYear: 2026 }
const spring = { name: '2026–2027学年第二学期', first: '2027-02-20', last: '2027-07-05', schoolYear: 2026 }

test('after the first term of a school year comes its second, after that the next year', () => {
  expect(nextTerm([autumn], '2026-11-24')).toEqual(spring)
  expect(nextTerm([spring, autumn], '2026-11-24')).toMatchObject({ first: '2027-09-01', schoolYear: 2027 })
})

test('without any term it is the one that today lies in, or before', () => {
  expect(nextTerm([], '2026-11-24')).toEqual(autumn)
  expect(nextTerm([], '2027-01-10')).toEqual(autumn)
  expect(nextTerm([], '2027-03-01')).toEqual(spring)
})
