import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { actAs, actingAs, http, take, tellSignedOut } from '@/api/client'
import { Problem } from '@/api/problem'
import type { SessionView } from '@/api/types'
import { asLanguage, useLanguage, type Language } from '@/app/languages'
import { forgetLastSeen, keep, lastSeenOwner, noteSeen, ownLastSeen, patience, recall, recallSession, seenAt, sessionKey, type Owner } from '@/app/lastSeen'
import { forgetSeen } from '@/ContactBook/seenWords'
import { PendingStore } from '@/CoEditing/pendingStore'
import { liveConnection } from '@/Live/liveConnection'
import { forgetTopics } from '@/Live/topics'
import { hasLost, ofRole, rememberedRole, rememberRole, roleChosen, roleFor, rolesOf, type Place } from './roles'

const whoKey = 'schoolhome/who'

/** Who is signed in, and what they are in which school. */
export const useSessionStore = defineStore('session', () => {
  const view = shallowRef<SessionView | null>(null)

  const signedIn = computed(() => view.value?.signedIn ?? false)
  const account = computed(() => view.value?.account ?? null)
  /** As whom the app shows itself: what follows is what belongs to that role. Somebody may be a teacher and a parent at once. */
  const roles = computed(() => (view.value ? rolesOf(view.value) : []))
  const chosenRole = ref<string | null>(null)
  const role = computed(() => roleChosen(roles.value, chosenRole.value))
  const ofMine = computed(() => (view.value ? ofRole(view.value, role.value) : null))
  const children = computed(() => ofMine.value?.children ?? [])
  const classes = computed(() => ofMine.value?.classes ?? [])
  const offices = computed(() => ofMine.value?.offices ?? [])
  const officeSchools = computed(() => (view.value?.teacherSchools ?? []).filter((one) => offices.value.some((office) => office.school === one.id)))
  const isAdministrator = computed(() => offices.value.some((one) => one.office === 'administrator'))
  const isDistrictAdministrator = computed(() => (view.value?.isDistrictAdministrator ?? false) && (role.value?.kind === 'staff' || role.value?.kind === 'district'))
  const unread = computed(() => view.value?.unread ?? 0)
  /** The school of the present role. */
  const school = computed(() => view.value?.teacherSchools.find((one) => one.id === role.value?.school) ?? view.value?.school ?? null)
  const today = computed(() => school.value?.today ?? new Date().toISOString().slice(0, 10))
  /** What this browser keeps for the account that is signed in. */
  const store = computed(() => new PendingStore(account.value?.id ?? '', localStorage))
  let loadedAt = 0
  /** Counts who was here: an answer about somebody before is nothing to who is here now. */
  let generation = 0

  // Before anything is asked, written or signed in it.
  watch(
    () => (role.value?.kind === 'family' || role.value?.kind === 'self' ? 'family' : 'staff'),
    (as) => {
      if (actingAs() === as) return
      actAs(as)
      liveConnection.reopen()
    },
    { immediate: true, flush: 'sync' },
  )

  function become(next: SessionView): void {
    const before = view.value
    const isAnother = before?.account?.id !== next.account?.id
    if (isAnother) {
      // What was kept is no answer: a late one takes its place.
      if (seenAt(next) === null) generation++
      leave()
      chosenRole.value = next.account ? rememberedRole(next.account.id) : null
    }
    // Before anybody sees the new view and asks.
    ownLastSeen(next.account?.id ?? null)
    view.value = next
    tellOtherTabs()
    if (seenAt(next) === null) {
      loadedAt = performance.now()
      if (next.signedIn) void keepSession(next, isAnother ? null : before, lastSeenOwner())
    } else loadedAt = -Infinity
    if (next.account) useLanguage(asLanguage(next.account.language))
    if (next.signedIn) liveConnection.open()
  }

  function leave(): void {
    liveConnection.close()
    forgetTopics()
  }

  /** What was kept while somebody had more rights may be what they must not see any more: which of it, only the server could tell. */
  async function keepSession(next: SessionView, before: SessionView | null, whose: Owner | null): Promise<void> {
    let last = before
    if (!last) {
      const kept = await recall(sessionKey, whose)
      last = kept && (JSON.parse(kept.value) as SessionView)
    }
    if (whose !== lastSeenOwner()) return
    if (last && hasLost(last, next)) await forgetLastSeen()
    if (account.value?.id === next.account?.id) keep(sessionKey, JSON.stringify(next), lastSeenOwner())
  }

  async function ask(): Promise<void> {
    const asked = generation
    const next = await take(http.GET('/api/session'))
    if (asked !== generation) return
    const wasSignedIn = signedIn.value
    become(next)
    // The screen of who was signed in does not stay open.
    if (wasSignedIn && !next.signedIn) tellSignedOut()
  }

  async function load(): Promise<void> {
    const fresh = ask()
    // Without a network the last answer holds; what this browser has kept is for the start.
    if (view.value) return fresh
    const silence = new Promise<boolean>((resolve) => setTimeout(resolve, patience, true))
    let isSilent: boolean
    try {
      isSilent = await Promise.race([fresh.then(() => false), silence])
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'unreachable' || !(await becomeLastSeen())) throw error
      return
    }
    if (!isSilent) return
    if (!(await becomeLastSeen())) return fresh
    // When it comes late after all it takes its place.
    fresh.catch(() => undefined)
  }

  /** The app is opened without a network, as whoever was signed in last. */
  async function becomeLastSeen(): Promise<boolean> {
    const kept = await recallSession()
    if (view.value) return true
    if (!kept) return false
    const next = JSON.parse(kept.value) as SessionView
    noteSeen(next, kept.at)
    become(next)
    return true
  }

  // The app was opened without a network, as whoever was signed in last.
  watch(liveConnection.state, (state) => {
    if (state === 'connected' && view.value && seenAt(view.value) !== null) void refresh()
  })

  /** Asks again after a while, because days end and rights change while a page stays open. */
  async function refresh(olderThan = 0): Promise<void> {
    if (performance.now() - loadedAt < olderThan) return
    try {
      await load()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    }
  }

  async function signIn(login: string, password: string, school: string | null = null): Promise<void> {
    become(await take(http.POST('/api/session/sign-in', { body: { login, password, school } })))
    await load()
  }

  /** Somebody has redeemed a slip, and is signed in by it. */
  async function joined(next: SessionView): Promise<void> {
    become(next)
    await load()
  }

  function isAdministratorOf(school: string): boolean {
    return view.value?.offices.some((one) => one.school === school && one.office === 'administrator') ?? false
  }

  function chooseRole(id: string): void {
    chosenRole.value = id
    if (account.value) rememberRole(account.value.id, id)
  }

  /** A link is followed in the role that can open it; which role was chosen for the next start stays as it is. */
  function takeRoleFor(place: Place): void {
    const next = view.value ? roleFor(view.value, role.value, place) : null
    if (next && next.id !== role.value?.id) chosenRole.value = next.id
  }

  async function signInAsDemo(card: string): Promise<void> {
    become(await take(http.POST('/api/demo/sign-in', { body: { card } })))
    // The antiforgery token belongs to who is signed in: fetch the new one.
    await load()
  }

  async function setUp(body: { token: string; schoolName: string; name: string; phone: string; password: string }): Promise<void> {
    become(await take(http.POST('/api/setup', { body })))
    await load()
  }

  async function signOut(everywhere = false): Promise<void> {
    if (everywhere) await take(http.POST('/api/session/sign-out-everywhere'))
    else await take(http.POST('/api/session/sign-out'))
    const mine = store.value
    const who = account.value?.id ?? ''
    // First the editors and what is being delivered stop, then nothing of this account stays on the device (T9).
    ended()
    mine.clear()
    forgetSeen(who)
    await forgetLastSeen()
    await refresh()
  }

  /** The server no longer knows us. What is pending stays in the browser, for when this account is back. */
  function ended(): void {
    generation++
    leave()
    if (view.value) view.value = { ...view.value, signedIn: false, account: null, children: [], classes: [], offices: [], teacherSchools: [], isDistrictAdministrator: false, unread: 0 }
    tellOtherTabs()
    ownLastSeen(null)
  }

  /** Tabs share one session: what is shown in the others as somebody else, or as nobody, must not stay there. */
  function tellOtherTabs(): void {
    try {
      localStorage.setItem(whoKey, account.value?.id ?? '')
    } catch {
      // Full storage: the other tabs find out at their next request.
    }
  }

  function heardFromOtherTab(key: string | null, who: string | null): void {
    if (key === whoKey && view.value && who !== (account.value?.id ?? '')) window.location.reload()
  }

  async function setLanguage(language: Language): Promise<void> {
    useLanguage(language)
    if (!signedIn.value) return
    await take(http.PUT('/api/session/language', { body: { language } }))
    await refresh()
  }

  return {
    view,
    signedIn,
    account,
    children,
    classes,
    roles,
    role,
    offices,
    officeSchools,
    isAdministrator,
    isAdministratorOf,
    isDistrictAdministrator,
    unread,
    school,
    today,
    store,
    load,
    refresh,
    signIn,
    joined,
    chooseRole,
    takeRoleFor,
    signInAsDemo,
    setUp,
    signOut,
    ended,
    heardFromOtherTab,
    setLanguage,
  }
})
