import { computed, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'
import './office.css'
import './officeTexts'
import { useSessionStore } from '@/People/session'

/** The guardians' relations, in the order in which people name them. */
export const relations = ['father', 'mother', 'paternalGrandfather', 'paternalGrandmother', 'maternalGrandfather', 'maternalGrandmother', 'other'] as const
export const offices = ['administrator', 'principal', 'vicePrincipal', 'teachingOffice', 'studentAffairs', 'gradeHead'] as const
export const duties = ['classTeacher', 'counsellor', 'subjectTeacher'] as const
export const custodies = ['none', 'readOnly', 'noAccess'] as const

/** Which school an office's screen is about, and whether who looks at it may also change it. The server decides; this only chooses what to show. */
export function useOffice(): { school: ComputedRef<string>; mayChange: ComputedRef<boolean> } {
  const session = useSessionStore()
  const route = useRoute()
  const school = computed(() => String(route.params.school || session.officeSchools[0]?.id || session.school?.id || ''))
  return { school, mayChange: computed(() => session.isAdministratorOf(school.value)) }
}
