import { mdiCheckDecagramOutline, mdiCircleOutline, mdiPencilOutline } from '@mdi/js'
import type { DayState } from './month'

/** The sign of a day: never colour alone. A day on which nothing is expected has none. */
export const stateIcons: Readonly<Record<DayState, string | undefined>> = {
  none: undefined,
  missing: mdiCircleOutline,
  filled: mdiPencilOutline,
  signed: mdiCheckDecagramOutline,
}
