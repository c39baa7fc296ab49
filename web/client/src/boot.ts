/**
 * The page says by itself what is coming (index.html). It is painted before the app's code runs: on a slow phone that takes a second, in which nothing would be
 * seen. The code is on its way meanwhile.
 */
let begun = false

function begin(): void {
  if (begun) return
  begun = true
  void import('./main')
}

requestAnimationFrame(() => setTimeout(begin))
// A tab in the background paints nothing.
setTimeout(begin, 300)
