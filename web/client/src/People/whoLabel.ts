import { useI18n } from '@/app/i18n'
import type { Who } from '@/Live/wire'

/** A person as the others on a page know them: "班主任 王芳", "妈妈 李丽". */
export function useWhoLabel(): (who: Who) => string {
  const { t, te } = useI18n()
  return (who) => {
    const relation = who.relation && te(`people.relation.${who.relation}`) ? `people.relation.${who.relation}` : null
    const role = te(`people.role.${who.role}`) ? `people.role.${who.role}` : null
    const prefix = relation ?? role
    return prefix ? `${t(prefix)} ${who.name}` : who.name
  }
}
