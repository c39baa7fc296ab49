import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import { whenSignedOut } from './api/client'
import App from './app/App.vue'
import { AppIcon } from './app/AppIcon'
import { textsReady } from './app/languages'
import { breath } from './app/breath'
import { patience } from './app/lastSeen'
import './app/settings'
import { install } from './app/installed'
import { createAppRouter } from './app/router'
import { vuetify } from './app/theme'
import { openWaitingCommands } from './ContactBook/waitingCommands'
import { liveConnection } from './Live/liveConnection'
import { whenConnectionFails } from './Live/topics'
import { useSessionStore } from './People/session'
import './app/style.css'

/** A little longer than what this browser has kept is waited with (session.load). */
const longestComing = patience + 1_000

/** The last pieces of the start (boot.ts). */
export async function start(): Promise<void> {
  await breath()
  const pinia = createPinia()
  const session = useSessionStore(pinia)
  await breath()
  const router = createAppRouter(session)

  function toSignIn(): void {
    session.ended()
    const here = router.currentRoute.value
    if (here.meta.open !== true) void router.replace({ name: 'sign-in', query: here.path === '/' ? {} : { to: here.fullPath } })
  }

  whenSignedOut(toSignIn)
  whenConnectionFails(() => {
    // A refused WebSocket does not say why: perhaps the session has ended.
    void session.refresh().then(() => {
      if (!session.signedIn) toSignIn()
    })
  })

  const waiting = openWaitingCommands(() => session.store)
  watch([() => session.account?.id, liveConnection.state], () => waiting.hurry())

  window.addEventListener('storage', (event) => session.heardFromOtherTab(event.key, event.newValue))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && session.signedIn) void session.refresh(600_000)
  })

  await breath()
  const app = createApp(App).use(pinia).use(vuetify).component('AppIcon', AppIcon)
  await textsReady
  await breath()
  // The router asks who is signed in; what it answers comes after this piece of the start.
  app.use(router)
  install()
  // Until then the page itself says what is coming. Where the screen cannot be had, or nobody answers, the shell says so.
  await Promise.race([router.isReady().catch(() => undefined), breath(longestComing)])
  await breath()
  app.mount('#app')
}
