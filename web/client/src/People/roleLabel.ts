import { useI18n } from '@/app/i18n'
import type { Role } from './roles'

/** A role as people say it: "老师 · 青禾小学", "管理员 · 城南小学", "家长". */
export function useRoleLabel(): (role: Role) => string {
  const { t, te } = useI18n()
  return (role) => {
    const key = `people.roles.${role.word}`
    const word = te(key) ? t(key) : role.word
    return role.schoolName ? `${word} · ${role.schoolName}` : word
  }
}
