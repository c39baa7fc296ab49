import { computed, ref, watch, type ComputedRef } from 'vue'

/** Long lists are shown page by page: as many rows as one looks through, and more when asked for. */
export function useMore<T>(all: () => readonly T[], page = 50): { shown: ComputedRef<readonly T[]>; left: ComputedRef<number>; more: () => void } {
  const upTo = ref(page)
  const list = computed(all)
  // Another search is another list: it begins at its first page.
  watch(
    () => list.value.length,
    () => (upTo.value = page),
  )
  return {
    shown: computed(() => list.value.slice(0, upTo.value)),
    left: computed(() => Math.max(0, list.value.length - upTo.value)),
    more: () => (upTo.value += page),
  }
}
