import { shallowRef, type ShallowRef } from 'vue'

export type Language = 'zh-CN' | 'en'

/** Texts by name, in as many levels as one likes. */
export interface Messages {
  readonly [key: string]: string | Messages
}

/**
 * All that this product needs of a translation library: texts by key, names put into them, a second language, texts that come later. A library with plurals,
 * dates and a compiler of its own would weigh a fifth of a parent's first page; dates are said by `dates.ts`, and Chinese has no plural.
 */
const known: Record<Language, Map<string, string>> = { 'zh-CN': new Map(), en: new Map() }
const added = shallowRef(0)

/** Whoever reads it in a template or a computed value is told when it changes. */
export const locale: ShallowRef<Language> = shallowRef<Language>('zh-CN')

export function addMessages(language: Language, messages: Messages): void {
  take(known[language], '', messages)
  added.value++
}

function take(into: Map<string, string>, prefix: string, messages: Messages): void {
  for (const [name, one] of Object.entries(messages)) {
    if (typeof one === 'string') into.set(prefix + name, one)
    else take(into, `${prefix}${name}.`, one)
  }
}

/** Whether there is a text by this name. */
export function te(key: string): boolean {
  return find(key) !== undefined
}

/** The text by this name, with `{name}` replaced; in Chinese where the language lacks it, and the name itself where nobody wrote it. */
export function t(key: string, values: Readonly<Record<string, unknown>> = {}, { locale: language = locale.value }: { locale?: Language } = {}): string {
  const text = find(key, language)
  if (text === undefined) return key
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? ''))
}

function find(key: string, language: Language = locale.value): string | undefined {
  // Read so that texts which come later are shown when they come.
  void added.value
  return known[language].get(key) ?? known['zh-CN'].get(key)
}

export function useI18n(): { t: typeof t; te: typeof te; locale: typeof locale } {
  return { t, te, locale }
}
