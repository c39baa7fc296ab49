/** What the tests of what is kept in this browser share. Imported first: the client asks for a browser's globals when it is read. */
import { vi } from 'vitest'

const site = 'https://school.test'

/** Like a browser's, it knows the site that an address belongs to. */
class SiteRequest extends Request {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    super(typeof input === 'string' ? new URL(input, site) : input, init)
  }
}

vi.stubGlobal('Request', SiteRequest)
vi.stubGlobal('addEventListener', () => undefined)
vi.stubGlobal('removeEventListener', () => undefined)

/** What lies in the browser's database. */
export const database = new Map<string, { value: string; at: string; whose: string }>()

/** Takes the place of `idb-keyval`. */
export const idb = {
  createStore: () => 'store',
  clear: () => Promise.resolve(database.clear()),
  del: (key: string) => Promise.resolve(void database.delete(key)),
  delMany: (keys: string[]) => Promise.resolve(keys.forEach((key) => database.delete(key))),
  entries: () => Promise.resolve([...database]),
  get: (key: string) => Promise.resolve(database.get(key)),
  set: (key: string, value: { value: string; at: string; whose: string }) => Promise.resolve(void database.set(key, value)),
}

/** The server, whose answers come when a test says so. */
export class FakeServer {
  readonly asked: { path: string; headers: Headers; answer: (body: unknown, status?: number) => Promise<void>; fail: () => Promise<void> }[] = []

  constructor() {
    vi.stubGlobal('fetch', (request: Request) => {
      return new Promise<Response>((resolve, reject) => {
        this.asked.push({
          path: new URL(request.url).pathname,
          headers: request.headers,
          answer: (body, status = 200) => {
            resolve(Response.json(body, { status }))
            return settle()
          },
          fail: () => {
            reject(new TypeError('no network'))
            return settle()
          },
        })
      })
    })
  }

  get last(): FakeServer['asked'][number] {
    const last = this.asked.at(-1)
    if (!last) throw new Error('nothing was asked')
    return last
  }
}

/** Lets everything that waits for nothing but its turn happen, reading of bodies included; timers stand still. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve))
}
