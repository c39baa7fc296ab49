import { speak } from '@/api/client'
import { addMessages, locale, type Language, type Messages } from './i18n'
import { rememberedLanguage, rememberLanguage } from './remembered'
import { zh } from './texts/zh'

export type { Language } from './i18n'

addMessages('zh-CN', zh)

let english: Promise<void> | undefined
/** The English texts are fetched by those who read them. */
function fetchEnglish(): Promise<void> {
  english ??= import('./texts/en').then(
    ({ en }) => addMessages('en', en),
    () => {
      // Without them it is all said in Chinese; next time perhaps.
      english = undefined
    },
  )
  return english
}

export function useLanguage(language: Language): void {
  if (language === 'en') void fetchEnglish()
  locale.value = language
  document.documentElement.lang = language
  speak(language)
  rememberLanguage(language)
}

export function asLanguage(text: string | undefined): Language {
  return text === 'en' ? 'en' : 'zh-CN'
}

useLanguage(rememberedLanguage())

/** When the first screen can be said in the reader's language. */
export const textsReady: Promise<void> = english ?? Promise.resolve()

/** The same texts in the other language: the same keys, other words. */
type SameShape<T> = { [Key in keyof T]: T[Key] extends string ? string : SameShape<T[Key]> }

/** Adds the texts of screens that most people never open, so that nobody else fetches them: the screen's own code brings them along. */
export function addTexts<T extends object>(chinese: T, translated: SameShape<T>): void {
  addMessages('zh-CN', chinese as unknown as Messages)
  addMessages('en', translated as unknown as Messages)
}
