/** As whom the app shows itself. One account may be several people's: a teacher of two schools who has a child at one of them. */

/** What is needed of the session to tell somebody's roles. */
export interface RoleSource {
  children: readonly { school: string; student: string; class: string; relation: string }[]
  classes: readonly { school: string; class: string }[]
  offices: readonly { school: string; office: string }[]
  teacherSchools: readonly { id: string; name: string }[]
  isDistrictAdministrator: boolean
}

export type RoleKind = 'staff' | 'family' | 'self' | 'district'

export interface Role {
  /** Stable, for keeping the choice on the device. */
  id: string
  kind: RoleKind
  /** The school of a member of staff; null for the others. */
  school: string | null
  schoolName: string | null
  /** `teacher`, or the word of the first office for whoever teaches no class; for the label. */
  word: string
}

/** The roles of an account, staff first: what somebody does at one school is one role, however many classes and offices. */
export function rolesOf(source: RoleSource): Role[] {
  const roles: Role[] = []
  for (const school of source.teacherSchools) {
    const teaches = source.classes.some((one) => one.school === school.id)
    const office = source.offices.find((one) => one.school === school.id)
    if (!teaches && !office) continue
    roles.push({ id: `staff/${school.id}`, kind: 'staff', school: school.id, schoolName: school.name, word: teaches || !office ? 'teacher' : office.office })
  }
  // What is done for the district is shown beside what somebody does at their school; it is a role of its own only for whoever has no school.
  if (source.isDistrictAdministrator && roles.length === 0) roles.push({ id: 'district', kind: 'district', school: null, schoolName: null, word: 'district' })
  if (source.children.some((one) => one.relation !== 'self')) roles.push({ id: 'family', kind: 'family', school: null, schoolName: null, word: 'family' })
  if (source.children.some((one) => one.relation === 'self')) roles.push({ id: 'self', kind: 'self', school: null, schoolName: null, word: 'self' })
  return roles
}

/** Whether somebody could see something before that they perhaps may not see any more: a child, a class or what they are in it, an office. */
export function hasLost(before: Rights, after: Rights): boolean {
  const left = new Set(rightsOf(after))
  return rightsOf(before).some((one) => !left.has(one))
}

type Rights = Pick<RoleSource, 'children' | 'offices'> & { classes: readonly { school: string; class: string; role: string; subjects: readonly string[] }[] }

function rightsOf(source: Rights): string[] {
  return [
    ...source.children.map((one) => `child/${one.school}/${one.student}`),
    ...source.classes.flatMap((one) => [one.role, ...one.subjects].map((what) => `class/${one.school}/${one.class}/${what}`)),
    ...source.offices.map((one) => `office/${one.school}/${one.office}`),
  ]
}

/** The role that was chosen, where it still exists; else the first. */
export function roleChosen(roles: readonly Role[], id: string | null): Role | null {
  return roles.find((one) => one.id === id) ?? roles[0] ?? null
}

/** What of the session belongs to a role. */
export function ofRole<Source extends RoleSource>(source: Source, role: Role | null): Pick<Source, 'children' | 'classes' | 'offices'> {
  return {
    children: source.children.filter((one) => (one.relation === 'self' ? role?.kind === 'self' : role?.kind === 'family')),
    classes: source.classes.filter((one) => role?.kind === 'staff' && one.school === role.school),
    offices: source.offices.filter((one) => role?.kind === 'staff' && one.school === role.school),
  }
}

/** What a link is about, by its address. */
export interface Place {
  /** Whose screen it is, where it is anybody's in particular. */
  as?: 'family' | 'staff' | 'office' | undefined
  school?: string | undefined
  class?: string | undefined
  student?: string | undefined
}

/** The role in which somebody may look at a place: the present one where it fits, else another of theirs; null when none does. */
export function roleFor(source: RoleSource, now: Role | null, place: Place): Role | null {
  const child = source.children.find((one) => place.student !== undefined && one.student === place.student && one.school === place.school)
  const isOf = (role: Role): boolean => role.kind === 'staff' && (place.school === undefined || role.school === place.school)
  const fits = (role: Role): boolean => {
    const mine = ofRole(source, role)
    if (place.as === 'office') return role.kind === 'district' || mine.offices.some((one) => place.school === undefined || one.school === place.school)
    if (place.class !== undefined || place.as === 'staff') return isOf(role)
    if (place.student !== undefined) {
      // Which students are in a teacher's classes the server knows; of their own child it is known here.
      const teaches = isOf(role) && (!child || mine.classes.some((one) => one.school === child.school && one.class === child.class))
      return teaches || (child !== undefined && mine.children.includes(child))
    }
    if (place.as === 'family') return mine.children.length > 0
    return true
  }
  if (now && fits(now)) return now
  const roles = rolesOf(source)
  return (child && roles.find((role) => ofRole(source, role).children.includes(child))) ?? roles.find(fits) ?? null
}

const key = (account: string): string => `schoolhome/role/${account}`

/** The choice is kept for the account on this device: at school somebody is a teacher, at home a parent. */
export function rememberedRole(account: string): string | null {
  try {
    return localStorage.getItem(key(account))
  } catch {
    return null
  }
}

export function rememberRole(account: string, role: string): void {
  try {
    localStorage.setItem(key(account), role)
  } catch {
    // Then it holds until the page is closed.
  }
}
