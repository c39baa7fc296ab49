import { ref, watch, type Ref } from 'vue'
import { useSessionStore } from '@/People/session'

/**
 * Words in a field that are sent only when their writer says so. They lie in this browser meanwhile, so that whoever leaves the page, or whose phone closes it, does not type them twice.
 * @param what What they are for, e.g. `sheet/s01/2024-2/2026-11-24`. They are gone when they are emptied, and when their account signs out.
 */
export function useBegun(what: string): Ref<string> {
  const { store } = useSessionStore()
  const words = ref(store.begun(what))
  watch(words, (now) => store.saveBegun(what, now), { flush: 'sync' })
  return words
}
