import { shallowRef, watch } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteLocationRaw, type Router } from 'vue-router'
import { breath } from './breath'
import { t } from './i18n'
import { isDay } from './dates'
import type { useSessionStore } from '@/People/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** May be seen without being signed in. */
    open?: boolean
    /** In which of somebody's roles it is looked at, where that is not any. */
    as?: 'family' | 'staff' | 'office'
    /** The key of the page's title. */
    title?: string
    /** Another address is another screen, not the same one with other contents: it begins anew. */
    perPath?: boolean
  }
}

type Session = ReturnType<typeof useSessionStore>

/** Where somebody begins: teachers with their class, families with today, the office with its roster. */
export function homeOf(session: Session): RouteLocationRaw {
  const [first] = session.classes
  if (first) return { name: 'class', params: { school: first.school, class: first.class } }
  if (session.children.length > 0) return { name: 'today' }
  if (session.offices.length > 0) return { name: 'office' }
  if (session.isDistrictAdministrator) return { name: 'district' }
  return { name: 'today' }
}

export function createAppRouter(session: Session): Router {
  const router = createRouter({
    history: createWebHistory(),
    // A page that opens is at its top: to say so would make the phone lay it out once more.
    scrollBehavior: (_to, from, saved) => saved ?? (from.matched.length > 0 && { top: 0 }),
    routes: [
      // Where it leads is known only when the session is: the guard below sends everybody on.
      { path: '/', name: 'home', component: () => import('./NowhereView.vue') },
      { path: '/sign-in', name: 'sign-in', component: () => import('@/People/SignInView.vue'), meta: { open: true, title: 'people.signIn.title' } },
      { path: '/join', name: 'join', component: () => import('@/People/Join/JoinView.vue'), meta: { open: true, title: 'people.join.title' } },
      { path: '/setup', name: 'setup', component: () => import('@/People/SetupView.vue'), meta: { open: true, title: 'people.setup.title' } },
      { path: '/today', name: 'today', component: () => import('@/ContactBook/TodayView.vue'), meta: { as: 'family', title: 'today.title' } },
      { path: '/book/:school?/:student?/:date?', name: 'page', component: () => import('@/ContactBook/BookPageView.vue'), meta: { title: 'app.book' } },
      { path: '/book/:school/:student/month/:month?', name: 'book-month', component: () => import('@/ContactBook/Child/BookMonthView.vue'), meta: { title: 'app.book' } },
      { path: '/book/:school/:student/search', name: 'book-search', component: () => import('@/ContactBook/Child/BookSearchView.vue'), meta: { title: 'app.book' } },
      { path: '/book/:school/:student/print', name: 'book-print', component: () => import('@/ContactBook/Child/BookPrintView.vue'), meta: { title: 'app.book' } },
      { path: '/class/:school?/:class?/:date?', name: 'class', component: () => import('@/ContactBook/ClassDayView.vue'), meta: { as: 'staff', title: 'app.class' } },
      { path: '/class/:school/:class/:date/entry', name: 'entry', component: () => import('@/ContactBook/ClassEntryView.vue'), meta: { as: 'staff', title: 'entry.title' } },
      { path: '/class/:school/:class/families', name: 'families', component: () => import('@/People/Families/FamiliesView.vue'), meta: { as: 'staff', title: 'people.families.title' } },
      { path: '/sheet/:school?/:class?/:date?', name: 'sheet', component: () => import('@/ContactBook/ClassSheetView.vue'), meta: { as: 'staff', title: 'app.sheet' } },
      { path: '/office/:school?', name: 'office', component: () => import('@/People/Office/OfficeView.vue'), meta: { as: 'office', title: 'app.office', perPath: true } },
      { path: '/office/:school/classes/:class', name: 'office-class', component: () => import('@/People/Office/OfficeClassView.vue'), meta: { as: 'office', title: 'app.office', perPath: true } },
      { path: '/office/:school/students/:student', name: 'office-student', component: () => import('@/People/Office/OfficeStudentView.vue'), meta: { as: 'office', title: 'app.office', perPath: true } },
      { path: '/office/:school/staff', name: 'office-staff', component: () => import('@/People/Office/OfficeStaffView.vue'), meta: { as: 'office', title: 'office.staff.title', perPath: true } },
      { path: '/office/:school/staff/:teacher', name: 'office-member', component: () => import('@/People/Office/OfficeMemberView.vue'), meta: { as: 'office', title: 'office.staff.title', perPath: true } },
      { path: '/office/:school/calendar', name: 'office-school', component: () => import('@/School/SchoolView.vue'), meta: { as: 'office', title: 'school.title', perPath: true } },
      { path: '/office/:school/promotion', name: 'office-promotion', component: () => import('@/School/PromotionView.vue'), meta: { as: 'office', title: 'promotion.title', perPath: true } },
      { path: '/office/:school/changes', name: 'office-audit', component: () => import('@/School/AuditView.vue'), meta: { as: 'office', title: 'audit.title', perPath: true } },
      { path: '/office/:school/tokens', name: 'office-tokens', component: () => import('@/School/TokensView.vue'), meta: { as: 'office', title: 'tokens.title', perPath: true } },
      { path: '/import/:school?/:import?', name: 'import', component: () => import('@/People/Import/ImportView.vue'), meta: { as: 'office', title: 'people.import.title' } },
      { path: '/district', name: 'district', component: () => import('@/School/DistrictView.vue'), meta: { title: 'district.title' } },
      { path: '/me', name: 'me', component: () => import('@/People/Me/MeView.vue'), meta: { title: 'people.me.title' } },
      { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./NowhereView.vue'), meta: { open: true, title: 'app.notFound.title' } },
    ],
  })

  router.beforeEach(async (to) => {
    if (!session.view) {
      // The screen's code comes along with who is signed in, not after it.
      fetchScreen(to.matched.at(-1)?.components?.default).catch(() => undefined)
      await breath()
      try {
        await session.load()
      } catch {
        // The shell shows that the school cannot be reached, and tries again.
        return true
      }
    }
    if (session.view?.setupNeeded && to.name !== 'setup') return { name: 'setup' }
    if (!session.view?.setupNeeded && to.name === 'setup') return { name: 'home' }
    if (!session.signedIn && !to.meta.open) return { name: 'sign-in', query: to.path === '/' ? {} : { to: to.fullPath } }
    if (session.signedIn && (to.name === 'sign-in' || to.name === 'home')) return homeOf(session)
    if (session.signedIn) session.takeRoleFor({ as: to.meta.as, school: param(to, 'school'), class: param(to, 'class'), student: param(to, 'student') })
    if (to.params.date && !isDay(to.params.date)) return { name: 'nowhere', params: { rest: to.path.split('/').slice(1) } }
    return true
  })

  // A screen's code could not be fetched: after a new deployment it has another name, and loading the page anew finds it. Words that are not delivered yet lie in the browser's storage.
  router.onError((_error, to) => {
    if (navigator.onLine) window.location.assign(to.fullPath)
  })

  const title = (to: RouteLocationNormalized): string | null => (to.meta.title ? t(to.meta.title) : null)
  router.afterEach((to) => setTitle(title(to)))
  // In another language it has another title; a screen that gives itself one comes after this.
  watch(() => title(router.currentRoute.value), setTitle, { flush: 'sync' })
  return router
}

function param(to: RouteLocationNormalized, name: string): string | undefined {
  const value = to.params[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Fetches the code of screens that somebody may turn to later, the editor, and a page's dialogs, so that they open without a network too: one after another, when nothing else is to be done. */
export async function fetchScreens(router: Router, names: readonly string[]): Promise<void> {
  const screens = router.getRoutes().filter((route) => names.includes(String(route.name)))
  for (const what of [...screens.map((route) => () => fetchScreen(route.components?.default)), () => import('@/CoEditing/writing'), () => import('@/ContactBook/Page/dialogs')]) {
    await idle()
    await what().catch(() => undefined)
  }
}

async function fetchScreen(screen: unknown): Promise<void> {
  // Once it has been shown, the screen itself is there instead of the function that fetches it.
  if (typeof screen === 'function') await (screen as () => Promise<unknown>)()
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 2_000 })
    else setTimeout(resolve, 50)
  })
}

/** What the screen is called; the name of its main part, too. */
export const pageTitle = shallowRef('')

/** "今天 · 家校联系簿". */
export function setTitle(page: string | null): void {
  pageTitle.value = page ?? ''
  const app = t('app.name')
  document.title = page ? `${page} · ${app}` : app
}
