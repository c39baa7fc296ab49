// The same load as the benchmark puts on the product, in Hocuspocus' own protocol: `node hocuspocusLoad.mjs <port> <pages> <editors on each> <seconds> <edits a second, 0 for as fast as it goes> <server's process id> <edits a second before> <for so many seconds>`.
// Each editor puts one character at the beginning of the text, and the next one when the server has said that it took it. Prints one line of JSON.
import { readFileSync } from 'node:fs'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import WebSocket from 'ws'
import * as Y from 'yjs'

const [port, pages, editorsOnEach, seconds, rate, serverId, rateBefore, secondsBefore] = process.argv.slice(2).map(Number)
const Message = { sync: 0, auth: 2, syncReply: 4, syncStatus: 8 }
const latencies = []
let measuring = false
let acknowledged = 0
/** By Yjs client: when each of its edits was sent. */
const sentAt = new Map()

class Editor {
  constructor(page) {
    this.page = `page-${page}`
    this.document = new Y.Doc()
    this.text = this.document.getText('answer')
    this.clock = 0
    this.sent = []
    sentAt.set(this.document.clientID, this.sent)
    this.waiting = null
  }

  async open() {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}`)
    this.socket.binaryType = 'arraybuffer'
    await new Promise((resolve, reject) => {
      this.socket.once('open', resolve)
      this.socket.once('error', reject)
    })
    const authenticated = new Promise((resolve) => (this.authenticated = resolve))
    this.socket.on('message', (data) => this.hear(new Uint8Array(data)))
    this.send(Message.auth, (to) => {
      encoding.writeVarUint(to, 0)
      encoding.writeVarString(to, '')
    })
    await authenticated
    this.document.on('update', (update) => {
      this.send(Message.sync, (to) => {
        encoding.writeVarUint(to, 2)
        encoding.writeVarUint8Array(to, update)
      })
    })
  }

  send(type, write) {
    const to = encoding.createEncoder()
    encoding.writeVarString(to, this.page)
    encoding.writeVarUint(to, type)
    write(to)
    this.socket.send(encoding.toUint8Array(to))
  }

  hear(data) {
    const from = decoding.createDecoder(data)
    decoding.readVarString(from)
    const type = decoding.readVarUint(from)
    if (type === Message.syncStatus) {
      acknowledged++
      this.waiting?.()
    } else if (type === Message.auth) {
      this.authenticated()
    } else if ((type === Message.sync || type === Message.syncReply) && measuring && decoding.readVarUint(from) === 2) {
      // An update begins with: of how many clients, how many pieces, of which client, from which number on.
      const update = decoding.createDecoder(decoding.readVarUint8Array(from))
      decoding.readVarUint(update)
      decoding.readVarUint(update)
      const client = decoding.readVarUint(update)
      if (client === this.document.clientID) return
      const at = sentAt.get(client)?.[decoding.readVarUint(update)]
      if (at !== undefined) latencies.push(performance.now() - at)
    }
  }

  type() {
    return new Promise((resolve) => {
      this.waiting = resolve
      this.sent[this.clock++] = performance.now()
      this.text.insert(0, '字')
    })
  }

  async typeFor(duration, pause, first) {
    await delay(first)
    const begun = performance.now()
    for (let next = 0; performance.now() - begun < duration; next += pause) {
      const early = next - (performance.now() - begun)
      if (early > 0) await delay(early)
      await this.type()
    }
  }
}

function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** In seconds. */
function processorOf(id) {
  const stat = readFileSync(`/proc/${id}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function percentile(of) {
  return latencies[Math.min(latencies.length - 1, Math.floor((latencies.length * of) / 100))]
}

const editors = []
for (let page = 0; page < pages; page++) {
  for (let each = 0; each < editorsOnEach; each++) {
    const editor = new Editor(page)
    await editor.open()
    editors.push(editor)
  }
}
function run(duration, editsPerSecond) {
  const pause = editsPerSecond > 0 ? (editors.length / editsPerSecond) * 1000 : 0
  return Promise.all(editors.map((editor, at) => editor.typeFor(duration, pause, (pause * at) / editors.length)))
}
await run(secondsBefore * 1000, rateBefore)
measuring = true
acknowledged = 0
const processor = processorOf(serverId)
const own = process.cpuUsage()
const begun = performance.now()
await run(seconds * 1000, rate)
const took = (performance.now() - begun) / 1000
latencies.sort((a, b) => a - b)
console.log(JSON.stringify({ editsPerSecond: acknowledged / took, p50: percentile(50), p99: percentile(99), processorMsPerEdit: ((processorOf(serverId) - processor) * 1000) / acknowledged, generatorBusy: (process.cpuUsage(own).user + process.cpuUsage(own).system) / 1e6 / took }))
process.exit(0)
