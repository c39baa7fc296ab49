// Makes the app open without a network: all its files lie in the browser, and nothing else does. No answer of the API is ever kept here: what somebody has last
// seen is kept per account, and cleared at sign-out (src/app/lastSeen.ts). The build puts the files' names in the place of the two lines below.
const version = '__VERSION__'
const files = ['__FILES__']

const prefix = 'schoolhome-files-'
const current = prefix + version
const page = '/index.html'
const known = new Set(files)

// Names under assets/ change with their contents: what another version has brought here need not be fetched again.
async function fetchFile(cache, file) {
  const there = file.startsWith('/assets/') ? await caches.match(file) : undefined
  const response = there ?? (await fetch(file, { cache: file.startsWith('/assets/') ? 'default' : 'reload', credentials: 'omit' }))
  if (!response.ok) throw new Error(`${file}: ${response.status}`)
  await cache.put(file, response)
}

async function install() {
  const cache = await caches.open(current)
  const waiting = [...files]
  // A few at a time: somebody is using the page meanwhile.
  await Promise.all(
    Array.from({ length: 3 }, async () => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await fetchFile(cache, file)
    }),
  )
}

// The files of the version before stay for tabs that still show it; older ones go.
async function tidy() {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== current)
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function answer(request, file) {
  const cache = await caches.open(current)
  return (await cache.match(file)) ?? (await caches.match(file)) ?? fetch(request)
}

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(tidy()))
// A new version waits until its reader says so (src/app/installed.ts), or until no tab shows the old one.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(self.skipWaiting())
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (known.has(pathname) || pathname.startsWith('/assets/')) event.respondWith(answer(request, pathname))
  else if (request.mode === 'navigate' && !/^\/(api|live|healthz|openapi\.json)(\/|$)/.test(pathname)) event.respondWith(answer(request, page))
})
