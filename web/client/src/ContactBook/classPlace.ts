import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useSessionStore } from '@/People/session'

export interface ClassPlace {
  school: string
  class: string
  date: string
}

/** Which class and day a teacher's screen is about: the address says, else the first class, today. */
export function useClassPlace(): { place: ComputedRef<ClassPlace | null>; go: (date: string) => void } {
  const session = useSessionStore()
  const route = useRoute()
  const router = useRouter()
  const place = computed(() => {
    const [first] = session.classes
    const school = String(route.params.school || first?.school || '')
    const theClass = String(route.params.class || first?.class || '')
    return school && theClass ? { school, class: theClass, date: String(route.params.date || session.today) } : null
  })
  const go = (date: string): void => {
    if (place.value) void router.replace({ params: { school: place.value.school, class: place.value.class, date } })
  }
  return { place, go }
}
