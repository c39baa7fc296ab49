import { createI18n } from 'vue-i18n'
import { speak } from '@/api/client'
import { en } from './texts/en'
import { zh, type Texts } from './texts/zh'

export type Language = 'zh-CN' | 'en'

const key = 'schoolhome/language'

function remembered(): Language {
  try {
    const stored = localStorage.getItem(key)
    if (stored === 'zh-CN' || stored === 'en') return stored
  } catch {
    // Storage may be forbidden; Chinese is the default either way.
  }
  return 'zh-CN'
}

export const i18n = createI18n<[Texts], Language, false>({
  legacy: false,
  locale: remembered(),
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
})

export function useLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = language
  speak(language)
  try {
    localStorage.setItem(key, language)
  } catch {
    // See above.
  }
}

export function asLanguage(text: string | undefined): Language {
  return text === 'en' ? 'en' : 'zh-CN'
}

useLanguage(remembered())

/** The same texts in the other language: the same keys, other words. */
type SameShape<T> = { [Key in keyof T]: T[Key] extends string ? string : SameShape<T[Key]> }

/** Adds the texts of screens that most people never open, so that nobody else fetches them: the screen's own code brings them along. */
export function addTexts<T extends object>(chinese: T, english: SameShape<T>): void {
  i18n.global.mergeLocaleMessage('zh-CN', chinese)
  i18n.global.mergeLocaleMessage('en', english)
}
