/** The code on a slip, as people read and type it. */

/** The letters and digits of a code: those that are not mistaken for one another on paper. */
const legible = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
export const codeLength = 10
/** As the server writes a code. */
const group = 5

/** What somebody has typed or scanned, as a code: case, dashes, spaces and full-width letters do not count. */
export function plainCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
}

/** "K7QM2-HXP4T". What is beyond a code's length stays at its end, so that nobody's typing disappears. */
export function groupedCode(code: string): string {
  const plain = plainCode(code)
  return plain.length > group ? `${plain.slice(0, group)}-${plain.slice(group)}` : plain
}

/** The letters and digits that no code has, as typed: `0`, `O`, `1`, `I` and `L` are never printed. */
export function strayLetters(typed: string): string[] {
  return [...new Set(plainCode(typed))].filter((one) => !legible.includes(one))
}

export function isWholeCode(typed: string): boolean {
  return plainCode(typed).length === codeLength && strayLetters(typed).length === 0
}

/** The last digits of a phone as typed: digits only, full-width ones too. */
export function digitsOf(typed: string, most: number): string {
  return typed.normalize('NFKC').replace(/\D/g, '').slice(0, most)
}

/** The address that a slip's QR code holds. The code is behind a `#`, which no browser sends to a server: it is in no log. */
export function joinAddress(origin: string, code: string): string {
  return `${origin}/join#c=${plainCode(code)}`
}

/** "12 34 56 78": a number to write down. */
export function inPairs(number: string): string {
  return number.replace(/(\d{2})(?=\d)/g, '$1 ')
}
