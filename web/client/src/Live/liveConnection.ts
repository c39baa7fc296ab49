import type { HubConnection } from '@microsoft/signalr'
import { readonly, ref } from 'vue'
import { reconnectDelay, stateWhileTrying, type ConnectionState } from './connectionState'
import type { Frame } from './wire'

/** A WebSocket that is opened into a dead network can hang for minutes: it is given up after this. */
const openTimeout = 8_000

export interface LiveListener {
  connected(): void
  disconnected(): void
  frame(frame: Frame): void
  /** Several tries failed: perhaps the session has ended. */
  failing(): void
}

/** Thrown by `invoke` while there is no connection; whoever asked asks again when it is back. */
export class NotConnected extends Error {}

/** The one SignalR connection of this tab. It reconnects for ever while somebody wants it. */
class LiveConnection {
  private readonly current = ref<ConnectionState>('reconnecting')
  readonly state = readonly(this.current)
  private hub: HubConnection | null = null
  private listener: LiveListener | null = null
  private wanted = false
  private tries = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  /** Counts openings, so that what an older connection still says is not heard. */
  private generation = 0

  listen(listener: LiveListener): void {
    this.listener = listener
  }

  open(): void {
    if (this.wanted) return
    this.wanted = true
    this.tries = 0
    addEventListener('online', this.hurry)
    addEventListener('offline', this.doubt)
    addEventListener('pageshow', this.hurry)
    document.addEventListener('visibilitychange', this.hurry)
    this.try()
  }

  close(): void {
    if (!this.wanted) return
    this.wanted = false
    removeEventListener('online', this.hurry)
    removeEventListener('offline', this.doubt)
    removeEventListener('pageshow', this.hurry)
    document.removeEventListener('visibilitychange', this.hurry)
    clearTimeout(this.timer)
    this.drop()
    this.current.value = 'reconnecting'
  }

  /** Opens it anew, at once: in another role one joins as somebody else. */
  reopen(): void {
    if (!this.wanted) return
    this.drop()
    this.tries = 0
    this.again()
  }

  get isConnected(): boolean {
    return this.current.value === 'connected'
  }

  invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    if (!this.hub || !this.isConnected) return Promise.reject(new NotConnected())
    return this.hub.invoke<T>(method, ...args)
  }

  /** For what may be lost, such as marks. */
  send(method: string, ...args: unknown[]): void {
    if (this.hub && this.isConnected) this.hub.send(method, ...args).catch(() => undefined)
  }

  private readonly hurry = (): void => {
    if (!this.wanted || this.isConnected || document.visibilityState === 'hidden') return
    if (this.timer === undefined) return
    this.tries = 0
    this.try()
  }

  /** The browser says that the network is gone. The socket would find out seconds later, so it is opened anew at once; should the network be there after all, nothing is lost. */
  private readonly doubt = (): void => {
    if (!this.wanted) return
    this.drop()
    this.tries = 0
    this.again()
  }

  private drop(): void {
    this.generation++
    const hub = this.hub
    this.hub = null
    const was = this.isConnected
    hub?.stop().catch(() => undefined)
    if (was) this.listener?.disconnected()
  }

  private again(): void {
    this.current.value = stateWhileTrying(this.tries, navigator.onLine)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.try(), reconnectDelay(this.tries, Math.random()))
    this.tries++
    if (this.tries % 4 === 0) this.listener?.failing()
  }

  private try(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const generation = ++this.generation
    const mine = (): boolean => this.generation === generation
    let ended = false
    const lost = (): void => {
      if (ended || !mine()) return
      ended = true
      this.drop()
      if (this.wanted) this.again()
    }
    // Fetched beside the first screen, which does not wait for it.
    import('./hub').then(
      ({ newHub }) => {
        if (mine()) this.start(newHub(), mine, lost)
      },
      () => lost(),
    )
  }

  private start(hub: HubConnection, mine: () => boolean, lost: () => void): void {
    this.hub = hub
    hub.on('frames', (frames: Frame[]) => {
      if (mine()) for (const frame of frames) this.listener?.frame(frame)
    })
    hub.onclose(lost)
    const tooLong = setTimeout(lost, openTimeout)
    hub.start().then(
      () => {
        clearTimeout(tooLong)
        if (!mine()) return
        this.tries = 0
        this.current.value = 'connected'
        this.listener?.connected()
      },
      () => {
        clearTimeout(tooLong)
        lost()
      },
    )
  }
}

export const liveConnection = new LiveConnection()
