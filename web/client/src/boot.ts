import { breath } from './app/breath'
import { sayWhatComes } from './app/firstPaint'

/**
 * The page says by itself what is coming (index.html, firstPaint.ts), and is painted before the app's code runs: on a slow phone that takes a second. The code is on
 * its way meanwhile; it runs piece by piece, here and in main.ts, so that the phone answers a finger between them.
 */
let begun = false

async function begin(): Promise<void> {
  if (begun) return
  begun = true
  await import('./app/framework')
  await breath()
  await import('./app/theme')
  await breath()
  await import('./People/session')
  await breath()
  const { start } = await import('./main')
  await start()
}

sayWhatComes()
requestAnimationFrame(() => setTimeout(() => void begin()))
// A tab in the background paints nothing.
setTimeout(() => void begin(), 300)
