import { nextTick, shallowRef } from 'vue'

/** What has happened, in words, for whoever hears the screen instead of seeing it. The place where it is said is always there (App.vue): one that comes together with its words is often not read out. */
export const said = shallowRef('')

export function say(text: string): void {
  // The same words again are said again.
  said.value = ''
  void nextTick(() => (said.value = text))
}
