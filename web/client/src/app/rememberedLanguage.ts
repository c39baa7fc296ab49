import type { Language } from './i18n'

const key = 'schoolhome/language'

/** The language that was read on this device last. Storage may be forbidden; Chinese is the default either way. */
export function rememberedLanguage(): Language {
  try {
    return localStorage.getItem(key) === 'en' ? 'en' : 'zh-CN'
  } catch {
    return 'zh-CN'
  }
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(key, language)
  } catch {
    // See above.
  }
}
