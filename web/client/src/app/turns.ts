import { onBeforeUnmount, onMounted, readonly, ref, type Ref } from 'vue'
import { breath } from './breath'

/** The app starts until its first screen has been whole for so long. */
const rest = 1_000
let starting = true
let resting: ReturnType<typeof setTimeout> | undefined

/**
 * Which pieces of a screen are there already, from 1 on. While the app starts, and all its code runs for the first time, they come one after another, so that a slow phone answers a finger
 * between them and paints what is on top first; later all at once.
 */
export function useTurns(pieces: number): Readonly<Ref<number>> {
  const turn = ref(starting ? 1 : pieces)
  let gone = false
  onMounted(async () => {
    while (turn.value < pieces) {
      await breath()
      if (gone) return
      turn.value++
    }
    clearTimeout(resting)
    resting = setTimeout(() => (starting = false), rest)
  })
  onBeforeUnmount(() => (gone = true))
  return readonly(turn)
}
