import { computed } from 'vue'
import { beforeEach, expect, test } from 'vitest'
import { addMessages, locale, t, te } from './i18n'

beforeEach(() => (locale.value = 'zh-CN'))

test('a text is found by its name, with the values put in', () => {
  addMessages('zh-CN', { i18nTest: { greeting: '{name}，您好！还有 {n} 位。', plain: '好' } })
  expect(t('i18nTest.greeting', { name: '王老师', n: 2 })).toBe('王老师，您好！还有 2 位。')
  expect(t('i18nTest.greeting', { name: '王老师' })).toBe('王老师，您好！还有  位。')
  expect(t('i18nTest.plain')).toBe('好')
})

test('what the other language lacks is said in Chinese, and a name that nobody knows stays itself', () => {
  addMessages('zh-CN', { i18nTest: { both: '两种', one: '一种' } })
  addMessages('en', { i18nTest: { both: 'both' } })
  locale.value = 'en'
  expect(t('i18nTest.both')).toBe('both')
  expect(t('i18nTest.one')).toBe('一种')
  expect(te('i18nTest.one')).toBe(true)
  expect(te('i18nTest')).toBe(false)
  expect(t('i18nTest.nobody')).toBe('i18nTest.nobody')
  expect(t('i18nTest.both', {}, { locale: 'zh-CN' })).toBe('两种')
})

test('what is shown follows the language, and texts that come later', () => {
  addMessages('zh-CN', { i18nTest: { turn: '中' } })
  const shown = computed(() => `${t('i18nTest.turn')} ${t('i18nTest.later')}`)
  expect(shown.value).toBe('中 i18nTest.later')
  addMessages('zh-CN', { i18nTest: { later: '后来' } })
  expect(shown.value).toBe('中 后来')
  addMessages('en', { i18nTest: { turn: 'en', later: 'later' } })
  locale.value = 'en'
  expect(shown.value).toBe('en later')
})

test('values are put in as they are', () => {
  addMessages('zh-CN', { i18nTest: { raw: '「{words}」' } })
  expect(t('i18nTest.raw', { words: '$& {words}' })).toBe('「$& {words}」')
})
