import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useI18n } from '@/app/i18n'
import { Problem } from '@/api/problem'

/** A command to the server as a screen sees it: whether it is under way, and what was wrong with it. */
export interface Command {
  /** What is under way, for the button that shows it; empty when nothing is. */
  readonly busy: Ref<string>
  readonly problem: ShallowRef<Problem | null>
  /** The sentence for the whole screen: what no field of it can say. */
  readonly message: ComputedRef<string>
  /** What is wrong with one field. */
  errors(field: string): string[]
  /** Carries it out; tells whether it was done. One at a time: a second press while the first is under way does nothing. */
  run(how: () => Promise<unknown>, what?: string): Promise<boolean>
  forget(): void
}

/** @param fields Which fields the screen shows; problems of others go into the message, so that none is swallowed. */
export function useCommand(fields: readonly string[] = []): Command {
  const { t } = useI18n()
  const busy = ref('')
  const problem = shallowRef<Problem | null>(null)

  const message = computed(() => {
    const now = problem.value
    if (!now) return ''
    const named = Object.keys(now.errors)
    if (named.length === 0) return sentenceOf(now)
    return named
      .filter((field) => !fields.includes(field))
      .flatMap((field) => now.errors[field] ?? [])
      .join(' ')
  })

  function sentenceOf(now: Problem): string {
    if (now.code === 'unreachable') return t('app.offline.title')
    return now.detail || t(now.code === 'unknown-outcome' ? 'app.unknownOutcome' : 'app.error.text')
  }

  async function run(how: () => Promise<unknown>, what = 'busy'): Promise<boolean> {
    if (busy.value) return false
    busy.value = what
    problem.value = null
    try {
      await how()
      return true
    } catch (error) {
      problem.value = error instanceof Problem ? error : new Problem(0, 'fault', '')
      return false
    } finally {
      busy.value = ''
    }
  }

  return {
    busy,
    problem,
    message,
    errors: (field) => [...(problem.value?.errors[field] ?? [])],
    run,
    forget: () => (problem.value = null),
  }
}
