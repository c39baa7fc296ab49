import { computed, shallowRef } from 'vue'
import type { LocaleInstance } from 'vuetify'
import { en, zhHans } from 'vuetify/locale'
import { locale } from './i18n'

interface Words {
  readonly [name: string]: string | Words
}

/** Vuetify's own words ("Close", "No data") in the reader's language. Its own way of keeping them makes a table of all of them, in all languages, before the first page is shown. */
export const vuetifyWords: LocaleInstance = {
  name: 'schoolhome',
  current: computed({ get: () => locale.value as string, set: () => undefined }),
  fallback: shallowRef('en'),
  messages: shallowRef({}),
  decimalSeparator: shallowRef('.'),
  numericGroupSeparator: shallowRef(','),
  t: (key, ...values) => {
    const text = key.startsWith(prefix) ? find(locale.value === 'en' ? en : zhHans, key.slice(prefix.length)) ?? find(en, key.slice(prefix.length)) ?? key : key
    return text.replace(/\{(\d+)\}/g, (_all, place: string) => String(values[Number(place)]))
  },
  n: (value) => String(value),
  provide: () => vuetifyWords,
}

const prefix = '$vuetify.'

function find(words: Words, key: string): string | undefined {
  let found: string | Words | undefined = words
  for (const name of key.split('.')) found = typeof found === 'object' ? found[name] : undefined
  return typeof found === 'string' ? found : undefined
}
