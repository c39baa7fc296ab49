import { ref } from 'vue'

/** A newer version of the app lies ready in this browser. */
export const updateWaits = ref(false)

/** The files lay in this browser when the app was opened: nothing has to be fetched ahead. */
export const openedInstalled = 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null

let registration: ServiceWorkerRegistration | undefined
let taking = false

/** The app's files are fetched when the first screen has come to rest. */
const restTime = 4_000
/** An app that stays open for days looks for a new version now and then. */
const lookEvery = 3_600_000

/** Keeps the app's files in this browser, so that it opens without a network (T9). Where browsers do not offer that, such as on a page without https, all else works. */
export function install(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  let controlled = openedInstalled
  serviceWorker.addEventListener('controllerchange', () => {
    // Loaded anew by its reader's wish only. What another tab has changed under this one is offered here as well.
    if (taking) window.location.reload()
    else if (controlled) updateWaits.value = true
    controlled = true
  })
  setTimeout(() => {
    // Out of reach, or storage is forbidden: next time perhaps.
    serviceWorker.register('/sw.js', { updateViaCache: 'none' }).then(watchFor, () => undefined)
  }, restTime)
}

function watchFor(found: ServiceWorkerRegistration): void {
  registration = found
  const look = (): void => {
    if (found.waiting && navigator.serviceWorker.controller) updateWaits.value = true
  }
  look()
  found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', look))
  let looked = performance.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || performance.now() - looked < lookEvery) return
    looked = performance.now()
    found.update().catch(() => undefined)
  })
}

/** The new version takes over. Words that are not delivered lie in the browser's storage and are there again after it. */
export function update(): void {
  const waiting = registration?.waiting
  if (!waiting) return window.location.reload()
  taking = true
  waiting.postMessage('take-over')
}
