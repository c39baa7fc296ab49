import { onScopeDispose, watch, type Ref } from 'vue'

/** A quick sideways stroke of one finger, not inside a field that is being written in or something that scrolls sideways. */
export function useSwipe(element: Readonly<Ref<HTMLElement | null>>, swiped: (direction: 'left' | 'right') => void): void {
  let start: { x: number; y: number; at: number } | null = null

  const down = (event: TouchEvent): void => {
    const touch = event.touches[0]
    const target = event.target as HTMLElement | null
    start = touch && event.touches.length === 1 && !target?.closest('.cm-editor, input, textarea, .scrolls') ? { x: touch.clientX, y: touch.clientY, at: event.timeStamp } : null
  }
  const up = (event: TouchEvent): void => {
    const touch = event.changedTouches[0]
    if (!start || !touch) return
    const [x, y] = [touch.clientX - start.x, touch.clientY - start.y]
    if (event.timeStamp - start.at < 600 && Math.abs(x) > 70 && Math.abs(x) > 2.5 * Math.abs(y)) swiped(x < 0 ? 'left' : 'right')
    start = null
  }

  let detach: () => void = () => undefined
  watch(
    element,
    (now) => {
      detach()
      // Otherwise the browser takes the stroke for "back".
      if (now) now.style.touchAction = 'pan-y'
      now?.addEventListener('touchstart', down, { passive: true })
      now?.addEventListener('touchend', up, { passive: true })
      detach = () => {
        now?.removeEventListener('touchstart', down)
        now?.removeEventListener('touchend', up)
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => detach())
}
