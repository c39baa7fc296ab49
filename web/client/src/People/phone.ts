/** A phone number as people here write it: without +86, and in groups. */
export function sayPhone(e164: string): string {
  const mobile = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(e164)
  if (mobile) return mobile.slice(1).join(' ')
  return e164.startsWith('+86') ? e164.slice(3) : e164
}
