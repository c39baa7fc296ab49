// Weighs what a parent's first page needs of a finished build: the page itself, its code with all that this imports, the code of the screen, and the styles;
// gzip, as most servers send it. P9: below 300 kB. `node firstPage.mjs [dist]` prints the figures.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const limit = 300_000
const entry = 'index.html'
const app = 'src/main.ts'
const screens = { today: 'src/ContactBook/TodayView.vue', book: 'src/ContactBook/BookPageView.vue' }

/** Answers the bytes of each screen's first page, and throws where one is too heavy. */
export async function weighFirstPages(folder) {
  const manifest = JSON.parse(await readFile(join(folder, '.vite', 'manifest.json'), 'utf8'))
  const weights = {}
  for (const [name, screen] of Object.entries(screens)) {
    const files = new Set([entry])
    gather(manifest, entry, files)
    gather(manifest, app, files)
    gather(manifest, screen, files)
    let bytes = 0
    for (const file of files) bytes += gzipSync(await readFile(join(folder, file))).length
    weights[name] = bytes
  }
  const heavy = Object.entries(weights).filter(([, bytes]) => bytes >= limit)
  if (heavy.length > 0) throw new Error(`The first page is too heavy (P9: below ${limit / 1000} kB): ${say(Object.fromEntries(heavy))}.`)
  return weights
}

/** "today 123.4 kB, book 130.0 kB". */
export function say(weights) {
  return Object.entries(weights)
    .map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(1)} kB`)
    .join(', ')
}

function gather(manifest, key, files) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`The build has no ${key}: has the screen another name?`)
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const style of chunk.css ?? []) files.add(style)
  for (const needed of chunk.imports ?? []) gather(manifest, needed, files)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), 'dist')
  if (!existsSync(folder)) throw new Error(`There is no build in ${folder}.`)
  console.log(say(await weighFirstPages(folder)))
}
