// Builds the client when its sources changed, and does nothing otherwise. Called by MSBuild before the static files are
// served; two builds at once are safe. `node build.mjs --clean` takes away what it made.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { finishBuild } from './finishBuild.mjs'
import { say, weighFirstPages } from './firstPage.mjs'

const root = dirname(fileURLToPath(import.meta.url))
const work = join(root, '.build')
const lock = join(work, 'lock')
const dist = join(root, 'dist')
const installedMark = join(work, 'installed')
const builtMark = join(work, 'built')

/** What the bundle is made of. */
const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json', 'build.mjs', 'firstPage.mjs', 'finishBuild.mjs', 'serviceWorker.js', 'lean.ts']
/** A builder that has not shown itself for so long is dead, even where its process number lives on in another process. */
const silence = 60_000
const patience = 15 * 60_000

async function main() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`Node 20.19 or later is needed to build the client; this is ${process.versions.node}.`)
  await mkdir(work, { recursive: true })
  const release = await takeLock()
  try {
    if (process.argv.includes('--clean')) {
      await Promise.all([rm(dist, { recursive: true, force: true }), rm(installedMark, { force: true }), rm(builtMark, { force: true })])
      console.log('client: cleaned')
      return
    }
    const installed = await install()
    const built = await build()
    if (!installed && !built) console.log('client: up to date')
  } finally {
    await release()
  }
}

/** `npm ci` is slow, so it runs only when the lock file changed since the last time. */
async function install() {
  const wanted = await hashOf(['package.json', 'package-lock.json'])
  if ((await readMark(installedMark)) === wanted && existsSync(join(root, 'node_modules'))) return false
  console.log('client: installing packages (npm ci)')
  await rm(installedMark, { force: true })
  await run('npm', ['ci', '--no-audit', '--no-fund'])
  await writeFile(installedMark, wanted)
  return true
}

async function build() {
  const wanted = await hashOf(sources)
  if ((await readMark(builtMark)) === wanted && existsSync(join(dist, 'index.html'))) return false
  const started = Date.now()
  const out = join(work, `out-${process.pid}`)
  let weights
  await rm(builtMark, { force: true })
  try {
    await run(process.execPath, [bin('vue-tsc', 'bin/vue-tsc.js'), '--noEmit'])
    await run(process.execPath, [bin('vite', 'bin/vite.js'), 'build', '--outDir', out, '--emptyOutDir'])
    weights = await weighFirstPages(out)
    await finishBuild(out, join(root, 'serviceWorker.js'))
    await publish(out)
  } finally {
    await rm(out, { recursive: true, force: true })
  }
  await writeFile(builtMark, wanted)
  console.log(`client: built in ${((Date.now() - started) / 1000).toFixed(1)} s; a parent's first page, compressed: ${say(weights)}`)
  return true
}

/**
 * Puts a finished build in place so that whoever reads `dist` meanwhile always finds a whole one: first the new files under
 * their new names, then `index.html` and the service worker, which name them, and only then the old files go.
 */
async function publish(out) {
  const files = await filesOf(out)
  const last = ['index.html.br', 'index.html', 'sw.js'].filter((one) => files.includes(one))
  for (const file of [...files.filter((one) => !last.includes(one)), ...last]) {
    const target = join(dist, file)
    await mkdir(dirname(target), { recursive: true })
    const beside = `${target}.${process.pid}.new`
    await cp(join(out, file), beside)
    await rename(beside, target)
  }
  const wanted = new Set(files)
  for (const file of await filesOf(dist)) if (!wanted.has(file)) await rm(join(dist, file), { force: true })
}

/** One builder at a time. Making a directory either succeeds or fails, for two at once too. */
async function takeLock() {
  const started = Date.now()
  let told = false
  for (;;) {
    try {
      await mkdir(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (await isStale()) {
      // Renaming succeeds for one only; what was moved is looked at again, lest it be the lock of somebody who was quicker.
      const aside = join(work, `stale-${process.pid}-${Date.now()}`)
      const owner = await ownerOf(lock)
      try {
        await rename(lock, aside)
      } catch {
        continue
      }
      if ((await ownerOf(aside)) !== owner) await rename(aside, lock).catch(() => undefined)
      else await rm(aside, { recursive: true, force: true })
      continue
    }
    if (!told) console.log('client: waiting for another build to finish')
    told = true
    if (Date.now() - started > patience) throw new Error(`Another build has held ${relative(root, lock)} for too long.`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const owner = `${process.pid}`
  await writeFile(join(lock, 'owner'), owner)
  const alive = setInterval(() => utimes(lock, new Date(), new Date()).catch(() => undefined), 5_000)
  return async () => {
    clearInterval(alive)
    if ((await ownerOf(lock)) === owner) await rm(lock, { recursive: true, force: true })
  }
}

async function isStale() {
  let shown
  try {
    shown = (await stat(lock)).mtimeMs
  } catch {
    return false
  }
  const quiet = Date.now() - shown
  if (quiet > silence) return true
  const owner = Number(await ownerOf(lock))
  // Between making the lock and writing its owner there is a moment.
  if (!owner) return quiet > 5_000
  try {
    process.kill(owner, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

async function ownerOf(directory) {
  try {
    return await readFile(join(directory, 'owner'), 'utf8')
  } catch {
    return ''
  }
}

async function readMark(file) {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch {
    return ''
  }
}

async function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    const whole = join(root, path)
    if (!existsSync(whole)) continue
    const files = (await stat(whole)).isDirectory() ? (await filesOf(whole)).map((file) => join(path, file)) : [path]
    for (const file of files) {
      hash.update(file.split(sep).join('/')).update('\0')
      hash.update(await readFile(join(root, file))).update('\0')
    }
  }
  return hash.digest('hex')
}

async function filesOf(directory) {
  if (!existsSync(directory)) return []
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort()
}

function bin(name, path) {
  return join(root, 'node_modules', name, path)
}

/** Runs a program; what it says is shown only when it fails. */
function run(program, words) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a script on Windows.
      shell: process.platform === 'win32' && program === 'npm',
      env: { ...process.env, FORCE_COLOR: '0' },
    })
    let said = ''
    child.stdout.on('data', (text) => (said += text))
    child.stderr.on('data', (text) => (said += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${[program, ...words].join(' ').replaceAll(root, '.')} failed:\n${said}`))
    })
  })
}

main().catch((error) => {
  console.error(`client: error: ${error.message}`)
  process.exitCode = 1
})
