/**
 * Who may speak under which `clientId`. An id belongs to one tab at a time (T2): were it used by two, the authority
 * would take the words of the one for repetitions of the other's.
 */
export interface ClientIds {
  /** Takes a fresh id. */
  fresh(): Promise<Claim>
  /** Takes an id again that was left behind; null where another tab uses it, or may. */
  claim(clientId: string): Promise<Claim | null>
}

export interface Claim {
  readonly clientId: string
  release(): void
}

/** 128 random bits; `crypto.randomUUID` is missing outside secure contexts. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The browser itself says who holds an id, and lets go of it when the tab dies, however it dies. */
export class LockedClientIds implements ClientIds {
  constructor(private readonly locks: Pick<LockManager, 'request'>) {}

  async fresh(): Promise<Claim> {
    return (await this.claim(newId())) ?? this.fresh()
  }

  claim(clientId: string): Promise<Claim | null> {
    return new Promise((resolve, reject) => {
      this.locks
        .request(`schoolhome/client/${clientId}`, { ifAvailable: true }, (lock) => {
          if (!lock) {
            resolve(null)
            return undefined
          }
          return new Promise<void>((release) => resolve({ clientId, release }))
        })
        .catch(reject)
    })
  }
}

/**
 * Where the browser has no locks (an old one, or a page without https) an id that was left behind is taken again only
 * by the tab that made it, after a reload; `sessionStorage` tells. A duplicated tab copies that storage, so the tabs
 * also ask each other, and in doubt the id is left alone: its words stay stored.
 */
export class AskedClientIds implements ClientIds {
  private readonly mine = new Set<string>()
  private readonly left: Set<string>

  constructor(
    private readonly storage: Storage,
    private readonly channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'removeEventListener'> | null,
    private readonly wait: (then: () => void) => void,
  ) {
    this.left = new Set((storage.getItem(listKey) ?? '').split(' ').filter(Boolean))
    channel?.addEventListener('message', (event: MessageEvent<{ asks?: string }>) => {
      if (event.data.asks && this.mine.has(event.data.asks)) channel.postMessage({ uses: event.data.asks })
    })
  }

  fresh(): Promise<Claim> {
    return Promise.resolve(this.take(newId()))
  }

  claim(clientId: string): Promise<Claim | null> {
    const channel = this.channel
    if (!channel || this.mine.has(clientId) || !this.left.has(clientId)) return Promise.resolve(null)
    return new Promise((resolve) => {
      let used = false
      const hear = (event: MessageEvent<{ uses?: string }>): void => {
        if (event.data.uses === clientId) used = true
      }
      channel.addEventListener('message', hear)
      channel.postMessage({ asks: clientId })
      this.wait(() => {
        channel.removeEventListener('message', hear)
        resolve(used || this.mine.has(clientId) ? null : this.take(clientId))
      })
    })
  }

  private take(clientId: string): Claim {
    this.mine.add(clientId)
    this.left.add(clientId)
    this.write()
    return { clientId, release: () => void this.mine.delete(clientId) }
  }

  private write(): void {
    // The list is only a hint for reloads; some dozens of ids are plenty.
    this.storage.setItem(listKey, [...this.left].slice(-50).join(' '))
  }
}

const listKey = 'schoolhome/clients'

let ids: ClientIds | undefined
export function clientIds(): ClientIds {
  ids ??=
    'locks' in navigator && navigator.locks
      ? new LockedClientIds(navigator.locks)
      : new AskedClientIds(sessionStorage, 'BroadcastChannel' in globalThis ? new BroadcastChannel('schoolhome/clients') : null, (then) =>
          setTimeout(then, 300),
        )
  return ids
}
