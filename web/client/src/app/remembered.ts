import type { Language } from './i18n'

/** What this device remembers of how it is read. Storage may be forbidden: then it holds until the page is closed, and the next one begins as all do. */
const languageKey = 'schoolhome/language'
const largeTextKey = 'schoolhome/large-text'

export function rememberedLanguage(): Language {
  return read(languageKey) === 'en' ? 'en' : 'zh-CN'
}

export function rememberLanguage(language: Language): void {
  write(languageKey, language)
}

export function remembersLargeText(): boolean {
  return read(largeTextKey) === 'yes'
}

export function rememberLargeText(large: boolean): void {
  write(largeTextKey, large ? 'yes' : null)
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // See above.
  }
}
