import { HubConnectionBuilder, HttpTransportType, LogLevel, type HubConnection } from '@microsoft/signalr'
import { actingAs } from '@/api/client'

/** The server sends a sign of life every few seconds; without any for this long the network is taken for cut. */
const serverTimeout = 8_000
const keepAlive = 3_000

/** A SignalR connection that has not been started. */
export function newHub(): HubConnection {
  return new HubConnectionBuilder()
    .withUrl(`/live?as=${actingAs()}`, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
    .configureLogging(LogLevel.None)
    .withServerTimeout(serverTimeout)
    .withKeepAliveInterval(keepAlive)
    .build()
}
