import { computed, watch } from 'vue'
import { say } from '@/app/announce'
import { t } from '@/app/i18n'
import type { SheetItemView } from '@/api/types'
import type { Ticks } from '../Page/pageCommands'

/** Told to those who do not see the row: a tick is kept here, or has arrived. */
export function useTickNews(ticks: () => Ticks | undefined, items: () => readonly SheetItemView[]): void {
  const state = computed(() => {
    const states = new Set(items().map((one) => ticks()?.stateOf(one.item)))
    if (states.has('not-stored')) return 'not-stored'
    if (states.has('waiting')) return 'pending'
    return states.has('delivered') ? 'delivered' : 'idle'
  })
  watch(state, (now) => {
    if (now !== 'idle') say(t(`coEditing.words.${now}`))
  })
}
