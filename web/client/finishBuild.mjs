// What is done with a build before it is served: the service worker learns the names of all files, and each file gets a compressed twin, so that no server
// compresses the same bytes again and again.
import { createHash } from 'node:crypto'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

const compress = promisify(brotliCompress)
/** Below this the twin saves nothing. */
const least = 1_000

export async function finishBuild(folder, serviceWorker) {
  // What the build says about itself is not for the public.
  await rm(join(folder, '.vite'), { recursive: true, force: true })
  await writeServiceWorker(folder, serviceWorker)
  for (const file of await filesOf(folder)) {
    if (!/\.(js|css|html|svg|webmanifest)$/.test(file) || file === 'sw.js') continue
    const bytes = await readFile(join(folder, file))
    if (bytes.length < least) continue
    await writeFile(join(folder, `${file}.br`), await compress(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
  }
}

async function writeServiceWorker(folder, source) {
  const files = await filesOf(folder)
  const version = createHash('sha256')
  for (const file of files) version.update(file).update('\0').update(await readFile(join(folder, file))).update('\0')
  const text = await readFile(source, 'utf8')
  version.update(text)
  const filled = text
    .replace("'__VERSION__'", JSON.stringify(version.digest('hex').slice(0, 16)))
    .replace("['__FILES__']", JSON.stringify(files.map((file) => `/${file}`), null, 1))
  if (filled.includes('__VERSION__') || filled.includes('__FILES__')) throw new Error(`${source} has not the two lines that are filled in.`)
  await writeFile(join(folder, 'sw.js'), filled)
}

async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}
