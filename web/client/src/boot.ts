/**
 * The page says by itself what is coming (index.html), and is painted before the app's code runs: on a slow phone that takes a second. The code is on its way
 * meanwhile; it runs piece by piece, so that the phone answers a finger between them.
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
  await import('./main')
}

/** Lets the browser do what else it has to do. */
function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

requestAnimationFrame(() => setTimeout(() => void begin()))
// A tab in the background paints nothing.
setTimeout(() => void begin(), 300)
