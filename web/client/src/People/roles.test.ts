import { describe, expect, it } from 'vitest'
import { hasLost, ofRole, roleChosen, roleFor, rolesOf, type RoleSource } from './roles'

const nobody: RoleSource = { children: [], classes: [], offices: [], teacherSchools: [], isDistrictAdministrator: false }
const child = { school: 's01', student: '42', class: '2024-1', relation: 'mother' }
const self = { school: 's01', student: '7', class: '2022-3', relation: 'self' }
const qinghe = { id: 's01', name: '青禾小学' }
const chengnan = { id: 's02', name: '城南小学' }

describe('the roles of an account', () => {
  it('are none for whoever has nothing to do with a school', () => {
    expect(rolesOf(nobody)).toEqual([])
    expect(roleChosen([], 'family')).toBeNull()
  })

  it('are one for a parent, and one for a student', () => {
    expect(rolesOf({ ...nobody, children: [child, { ...child, student: '43' }] }).map((one) => one.id)).toEqual(['family'])
    expect(rolesOf({ ...nobody, children: [self] }).map((one) => one.id)).toEqual(['self'])
  })

  it('are one per school for whoever works there, however many classes and offices', () => {
    const source: RoleSource = {
      ...nobody,
      teacherSchools: [qinghe, chengnan],
      classes: [
        { school: 's01', class: '2024-1' },
        { school: 's01', class: '2024-2' },
      ],
      offices: [
        { school: 's01', office: 'administrator' },
        { school: 's02', office: 'principal' },
      ],
    }
    expect(rolesOf(source).map((one) => [one.id, one.word])).toEqual([
      ['staff/s01', 'teacher'],
      ['staff/s02', 'principal'],
    ])
  })

  it('leave out a school at which somebody has nothing to do at present', () => {
    expect(rolesOf({ ...nobody, teacherSchools: [qinghe], children: [child] }).map((one) => one.id)).toEqual(['family'])
  })

  it('have the district of their own only where there is no school', () => {
    expect(rolesOf({ ...nobody, isDistrictAdministrator: true }).map((one) => one.id)).toEqual(['district'])
    expect(rolesOf({ ...nobody, isDistrictAdministrator: true, teacherSchools: [qinghe], offices: [{ school: 's01', office: 'administrator' }] }).map((one) => one.id)).toEqual(['staff/s01'])
  })
})

describe('the role that is shown', () => {
  const both: RoleSource = {
    ...nobody,
    children: [child, self],
    classes: [
      { school: 's01', class: '2024-2' },
      { school: 's02', class: '2024-1' },
    ],
    offices: [{ school: 's02', office: 'administrator' }],
    teacherSchools: [qinghe, chengnan],
  }
  const roles = rolesOf(both)
  const role = (id: string) => roleChosen(roles, id)

  it('is the chosen one while it exists, and else the first', () => {
    expect(role('family')?.id).toBe('family')
    expect(role('staff/gone')?.id).toBe('staff/s01')
  })

  it('shows only what belongs to it', () => {
    expect(ofRole(both, role('staff/s01'))).toEqual({ children: [], classes: [{ school: 's01', class: '2024-2' }], offices: [] })
    expect(ofRole(both, role('staff/s02'))).toEqual({ children: [], classes: [{ school: 's02', class: '2024-1' }], offices: both.offices })
    expect(ofRole(both, role('family'))).toEqual({ children: [child], classes: [], offices: [] })
    expect(ofRole(both, role('self'))).toEqual({ children: [self], classes: [], offices: [] })
    expect(ofRole(both, null)).toEqual({ children: [], classes: [], offices: [] })
  })

  it('follows a link that only another role can open', () => {
    expect(roleFor(both, role('family'), { school: 's02', class: '2024-1' })?.id).toBe('staff/s02')
    expect(roleFor(both, role('staff/s02'), { school: 's01', student: '42' })?.id).toBe('family')
    expect(roleFor(both, role('family'), { as: 'office' })?.id).toBe('staff/s02')
    expect(roleFor(both, role('staff/s01'), { as: 'family' })?.id).toBe('family')
    expect(roleFor(both, role('family'), { as: 'staff' })?.id).toBe('staff/s01')
  })

  it('is the parent of a child whose class one does not teach, and the teacher where one does', () => {
    expect(roleFor(both, role('staff/s01'), { school: 's01', student: '42' })?.id).toBe('family')
    const teaches = { ...both, classes: [...both.classes, { school: 's01', class: '2024-1' }] }
    expect(roleFor(teaches, roleChosen(rolesOf(teaches), 'staff/s01'), { school: 's01', student: '42' })?.id).toBe('staff/s01')
    expect(roleFor(teaches, roleChosen(rolesOf(teaches), 'family'), { school: 's01', student: '42' })?.id).toBe('family')
  })

  it('stays where it can open the link, and where nobody could', () => {
    expect(roleFor(both, role('staff/s01'), { school: 's01', student: '99' })?.id).toBe('staff/s01')
    expect(roleFor(both, role('family'), {})?.id).toBe('family')
    expect(roleFor({ ...nobody, children: [child] }, roleChosen(rolesOf({ ...nobody, children: [child] }), null), { school: 's09', class: '2024-1' })).toBeNull()
  })
})

describe('a right is lost', () => {
  const teaches = { school: 's01', class: '2024-1', role: 'classTeacher', subjects: ['chinese', 'art'] }
  const before = { children: [child], classes: [teaches], offices: [{ school: 's01', office: 'registrar' }] }

  it('with a child, a class, an office, a duty or a subject', () => {
    expect(hasLost(before, { ...before, children: [] })).toBe(true)
    expect(hasLost(before, { ...before, classes: [] })).toBe(true)
    expect(hasLost(before, { ...before, offices: [] })).toBe(true)
    expect(hasLost(before, { ...before, classes: [{ ...teaches, role: 'subjectTeacher' }] })).toBe(true)
    expect(hasLost(before, { ...before, classes: [{ ...teaches, subjects: ['chinese'] }] })).toBe(true)
    expect(hasLost(before, { ...before, children: [{ ...child, student: '43' }] })).toBe(true)
  })

  it('not where it is the same or more', () => {
    expect(hasLost(before, before)).toBe(false)
    expect(hasLost(before, { ...before, children: [{ ...child, class: '2025-1' }, { ...child, student: '43' }] })).toBe(false)
  })
})
