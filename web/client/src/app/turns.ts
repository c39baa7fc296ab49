import { onBeforeUnmount, onMounted, readonly, ref, type Ref } from 'vue'
import { breath } from './breath'

/** Which pieces of a long screen are there already, from 1 on: one after another, so that a slow phone answers a finger between them and paints what is on top first. */
export function useTurns(pieces: number): Readonly<Ref<number>> {
  const turn = ref(1)
  let gone = false
  onMounted(async () => {
    while (turn.value < pieces) {
      await breath()
      if (gone) return
      turn.value++
    }
  })
  onBeforeUnmount(() => (gone = true))
  return readonly(turn)
}
