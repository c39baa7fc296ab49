/** The shapes of the HTTP views, by what answers them: the only place that knows how the generated types are laid out. */
import type { paths } from './schema'

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never
type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends { responses: { 200: infer Ok } } ? Json<Ok> : never

export type SessionView = Answer<'/api/session', 'get'>
export type SessionChild = SessionView['children'][number]
export type SessionClass = SessionView['classes'][number]
export type DemoCard = Answer<'/api/demo/cards', 'get'>[number]
export type TodayView = Answer<'/api/book/today', 'get'>
export type TodayChild = TodayView['children'][number]
export type ClassSheetView = Answer<'/api/book/sheets/{school}/{class}/{date}', 'get'>
export type BookPageView = Answer<'/api/book/pages/{school}/{student}/{date}', 'get'>
export type ClassDayView = Answer<'/api/book/days/{school}/{class}/{date}', 'get'>
export type SectionView = BookPageView['sections'][number]
export type SheetItemView = ClassSheetView['items'][number]
export type SheetItemKind = SheetItemView['kind']
export type SheetDraftView = Answer<'/api/book/drafts/{school}/{class}/{date}', 'get'>
export type SheetTemplate = Answer<'/api/book/templates/{school}', 'get'>[number]
export type ItemTick = BookPageView['ticks'][number]
export type QuickMark = BookPageView['marks'][number]
export type MarkLevel = QuickMark['level']
export type Signature = BookPageView['signatures'][number]
export type Addendum = BookPageView['addenda'][number]
export type ChildDayView = ClassDayView['children'][number]
export type ClassBookView = Answer<'/api/book/classes/{school}/{class}', 'get'>
export type BookMonthView = Answer<'/api/book/children/{school}/{student}/months/{month}', 'get'>
export type BookMonthDay = BookMonthView['days'][number]
export type BookSearchView = Answer<'/api/book/children/{school}/{student}/search', 'get'>
export type BookDaysView = Answer<'/api/book/children/{school}/{student}/days', 'get'>
export type TextRevision = Answer<'/api/book/pages/{school}/{student}/{date}/sections/{section}/revisions', 'get'>['revisions'][number]
export type ClassSummary = Answer<'/api/people/{school}/classes', 'get'>[number]
export type ClassRoster = Answer<'/api/people/{school}/classes/{class}', 'get'>
export type AccountOpened = Answer<'/api/people/{school}/accounts', 'post'>

// People, for the offices.
export type SearchView = Answer<'/api/people/{school}/search', 'get'>
export type PersonFound = SearchView['people'][number]
export type StudentView = Answer<'/api/people/{school}/students/{student}', 'get'>
export type GuardianView = StudentView['guardians'][number]
export type StaffLine = Answer<'/api/people/{school}/staff', 'get'>[number]
export type MemberView = Answer<'/api/people/{school}/staff/{teacher}', 'get'>
export type AuditEntryView = Answer<'/api/people/{school}/audit', 'get'>['entries'][number]
export type SchoolView = Answer<'/api/schools/{school}', 'get'>
export type TokenView = Answer<'/api/schools/{school}/tokens', 'get'>[number]
export type TokenMade = Answer<'/api/schools/{school}/tokens', 'post'>
export type DistrictView = Answer<'/api/district', 'get'>
export type SchoolFounded = Answer<'/api/district/schools', 'post'>

// Getting in, and one's own account.
type Body<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends { requestBody: { content: { 'application/json': infer Sent } } } ? Sent : never

export type JoinSlip = Answer<'/api/join/check', 'post'>
export type JoinCommand = Body<'/api/join', 'post'>
export type PasswordHint = Answer<'/api/session/password-hint', 'post'>
export type SessionDevice = Answer<'/api/session/devices', 'get'>[number]
export type SessionNotice = Answer<'/api/session/notices', 'get'>[number]
export type FamiliesView = Answer<'/api/people/{school}/classes/{class}/families', 'get'>
export type SlipsIssued = Answer<'/api/people/{school}/classes/{class}/slips', 'post'>
export type ImportStatus = Answer<'/api/people/{school}/imports/{import}', 'get'>
