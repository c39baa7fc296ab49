/** The time zones that this browser knows, those of China first, each with its present distance from UTC: "Asia/Shanghai (GMT+8)". */
export function timeZones(current: string, language: string): { value: string; title: string }[] {
  const first = ['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Hong_Kong', 'Asia/Macau', 'Asia/Taipei']
  const known = Intl.supportedValuesOf('timeZone')
  const zones = new Set([...(known.includes(current) ? [] : [current]), ...first, ...known])
  return [...zones].filter(Boolean).map((value) => ({ value, title: `${value} ${distanceOf(value, language)}`.trim() }))
}

function distanceOf(timeZone: string, language: string): string {
  try {
    const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'shortOffset' }).formatToParts(new Date())
    const distance = parts.find((part) => part.type === 'timeZoneName')?.value
    return distance ? `(${distance})` : ''
  } catch {
    // A zone that the server knows and this browser does not.
    return ''
  }
}
