import { useI18n } from '@/app/i18n'
import { sayDay } from '@/app/dates'
import { useSessionStore } from './session'

/** Says an instant as people do, in the school's time zone: "今天 14:05", "11月20日 周五 09:30". */
export function useInstant(): (instant: string) => string {
  const { locale } = useI18n()
  const session = useSessionStore()
  return (instant) => {
    const at = new Date(instant)
    const timeZone = session.school?.timeZone
    const zone = timeZone ? { timeZone } : {}
    const day = new Intl.DateTimeFormat('sv-SE', zone).format(at)
    const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...zone }).format(at)
    return `${sayDay(day, session.today, locale.value)} ${time}`
  }
}
