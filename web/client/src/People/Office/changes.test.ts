import { expect, test } from 'vitest'
import { guardiansNamed, whatWord, wordsOf, type Vocabulary } from './changes'

const texts: Record<string, string> = {
  'office.history.field.name': '姓名',
  'office.history.field.phone': '手机号',
  'office.history.field.offices': '学校职务',
  'office.history.field.duty': '任教',
  'office.history.field.relation': '关系',
  'office.history.field.guardian': '家长',
  'office.history.field.guardianOrder': '联系顺序',
  'office.history.field.slip': '开通单',
  'office.history.field.holidays': '放假',
  'office.history.slip.issued': '已打印',
  'office.history.what.student-moved': '转班',
  'office.history.what.other': '更改',
  'office.offices.principal': '校长',
  'office.offices.gradeHead': '年级主任',
  'office.duty.classTeacher': '班主任',
  'office.relation.mother': '妈妈',
}
const words: Vocabulary = {
  text: (key) => texts[key] ?? null,
  guardian: (entry) => ({ g1: '李丽', g2: '王建国' })[entry] ?? `家长 ${entry.slice(1)}`,
  day: (day) => `日${day}`,
  time: (instant) => `时${instant}`,
}

function said(field: string, before: string | null, after: string | null, className?: string) {
  return wordsOf({ field, before, after, ...(className === undefined ? {} : { className }) }, words)
}

test('a plain field is said with what was and what is', () => {
  expect(said('name', '王小明', '王晓明')).toEqual({ field: '姓名', before: '王小明', after: '王晓明' })
})

test('a field of a guardian says whose it is, also of one who is not there any more', () => {
  expect(said('guardian.g1.phone', '+8613800000001', null)).toEqual({ field: '李丽 · 手机号', before: '138 0000 0001', after: null })
  expect(said('guardian.g7.phone', null, '+8613800000001').field).toBe('家长 7 · 手机号')
})

test('a whole guardian is said with relation and phone', () => {
  expect(said('guardian.g1', null, '李丽 mother +8613800000001')).toEqual({ field: '家长', before: null, after: '李丽 妈妈 138 0000 0001' })
})

test('an order of guardians is said by their names', () => {
  expect(said('guardianOrder', 'g1 g2 g9', 'g2 g1 g9')).toEqual({ field: '联系顺序', before: '李丽、王建国、家长 9', after: '王建国、李丽、家长 9' })
})

test('words of the server become words of the reader', () => {
  expect(said('guardian.g1.relation', null, 'mother')).toEqual({ field: '李丽 · 关系', before: null, after: '妈妈' })
  expect(said('offices', 'principal', 'principal gradeHead')).toEqual({ field: '学校职务', before: '校长', after: '校长、年级主任' })
  expect(said('duty.2024-2', null, 'classTeacher 语文', '三年级2班')).toEqual({ field: '任教 三年级2班', before: null, after: '班主任 语文' })
})

test('days and instants are said as people say them, wherever in the text they stand', () => {
  expect(said('left', null, '2026-11-24').after).toBe('日2026-11-24')
  expect(said('guardian.g1.slip', null, 'issued 2026-11-24T03:20:00Z').after).toBe('已打印 时2026-11-24T03:20:00Z')
  expect(said('holidays', '元旦 2027-01-01/2027-01-01', '国庆节 2026-10-01/2026-10-07')).toEqual({ field: '放假', before: '元旦 日2027-01-01', after: '国庆节 日2026-10-01 – 日2026-10-07' })
})

test('nothing stays nothing, and a word that is not known stays as it is', () => {
  expect(said('name', '', '李')).toEqual({ field: '姓名', before: null, after: '李' })
  expect(said('new-thing', 'a', 'b')).toEqual({ field: 'new-thing', before: 'a', after: 'b' })
  expect(whatWord('student-moved', words)).toBe('转班')
  expect(whatWord('something-new', words)).toBe('更改')
})

test('guardians who are not there any more are known by the history itself', () => {
  const changes = [
    { field: 'guardian.g2', before: '王建国 father +8613900139000', after: null },
    { field: 'guardian.g1.name', before: '李莉', after: '李丽' },
    { field: 'guardian.g1', before: null, after: '李莉 mother' },
    { field: 'guardian.g1.phone', before: null, after: '+8613800138000' },
    { field: 'name', before: null, after: '测试' },
  ]
  expect(guardiansNamed(changes)).toEqual([
    { entry: 'g2', name: '王建国' },
    { entry: 'g1', name: '李丽' },
  ])
})
