import { computed, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'
import { useSessionStore } from '@/People/session'

/** Which child's book a screen is about: the address says. The name is known at once to the family. */
export function useChildPlace(): { school: ComputedRef<string>; student: ComputedRef<string>; name: ComputedRef<string> } {
  const route = useRoute()
  const session = useSessionStore()
  const school = computed(() => String(route.params.school ?? ''))
  const student = computed(() => String(route.params.student ?? ''))
  return {
    school,
    student,
    name: computed(() => session.children.find((one) => one.school === school.value && one.student === student.value)?.name ?? ''),
  }
}
