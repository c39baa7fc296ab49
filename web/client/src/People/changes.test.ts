import { expect, test } from 'vitest'
import { whatWord, wordsOf, type Vocabulary } from './changes'

const texts: Record<string, string> = {
  'office.history.field.name': '姓名',
  'office.history.field.phone': '手机号',
  'office.history.field.offices': '学校职务',
  'office.history.field.duty': '任教',
  'office.history.field.relation': '关系',
  'office.history.field.guardian': '家长',
  'office.history.aGuardian': '一位家长',
  'office.history.what.student-moved': '转班',
  'office.history.what.other': '更改',
  'office.history.yes': '是',
  'office.offices.principal': '校长',
  'office.offices.gradeHead': '年级主任',
  'office.duty.classTeacher': '班主任',
  'office.relation.mother': '妈妈',
}
const words: Vocabulary = {
  text: (key) => texts[key] ?? null,
  guardian: (entry) => (entry === 'g1' ? '李丽' : null),
  day: (day) => `日${day}`,
}

test('a plain field is said with what was and what is', () => {
  expect(wordsOf({ field: 'name', before: '王小明', after: '王晓明' }, words)).toEqual({ field: '姓名', before: '王小明', after: '王晓明' })
})

test('a field of a guardian says whose it is, also of one who is not there any more', () => {
  expect(wordsOf({ field: 'guardian.g1.phone', before: '+8613800000001', after: null }, words).field).toBe('李丽 · 手机号')
  expect(wordsOf({ field: 'guardian.g7.phone', before: null, after: '+8613800000001' }, words).field).toBe('一位家长 · 手机号')
})

test('words of the server become words of the reader', () => {
  expect(wordsOf({ field: 'guardian.g1.relation', before: null, after: 'mother' }, words)).toEqual({ field: '李丽 · 关系', before: null, after: '妈妈' })
  expect(wordsOf({ field: 'offices', before: 'principal', after: 'principal,gradeHead' }, words)).toEqual({ field: '学校职务', before: '校长', after: '校长、年级主任' })
  expect(wordsOf({ field: 'duty.2024-2', before: null, after: 'classTeacher 语文' }, words)).toEqual({ field: '任教 2024-2', before: null, after: '班主任 语文' })
  expect(wordsOf({ field: 'left', before: null, after: '2026-11-24' }, words).after).toBe('日2026-11-24')
})

test('nothing stays nothing, and a word that is not known stays as it is', () => {
  expect(wordsOf({ field: 'name', before: '', after: 'true' }, words)).toEqual({ field: '姓名', before: null, after: '是' })
  expect(wordsOf({ field: 'new-thing', before: 'a', after: 'b' }, words)).toEqual({ field: 'new-thing', before: 'a', after: 'b' })
  expect(whatWord('student-moved', words)).toBe('转班')
  expect(whatWord('something-new', words)).toBe('更改')
})
