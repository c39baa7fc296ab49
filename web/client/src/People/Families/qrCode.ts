import { encode } from 'uqr'

/** A QR code as one path of an SVG whose unit is one module, with the quiet border that scanners need. */
export interface QrCode {
  size: number
  path: string
}

export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'M', border: 3 })
  let path = ''
  data.forEach((row, y) => {
    for (let x = 0; x < size; ) {
      let end = x
      while (end < size && row[end]) end++
      if (end > x) path += `M${x} ${y}h${end - x}v1h-${end - x}z`
      x = end + 1
    }
  })
  return { size, path }
}
