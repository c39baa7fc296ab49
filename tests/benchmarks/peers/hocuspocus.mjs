// Hocuspocus as it comes: `node hocuspocus.mjs <debounce ms> <file>`. Stores whole documents in SQLite, as its own SQLite extension does, with the settings that ours has. Prints its port.
import { Database } from '@hocuspocus/extension-database'
import { Server } from '@hocuspocus/server'
import Sqlite from 'better-sqlite3'

const [, , debounce, file] = process.argv
const database = new Sqlite(file)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, data BLOB NOT NULL)')
const read = database.prepare('SELECT data FROM documents WHERE name = ?')
const write = database.prepare('INSERT INTO documents (name, data) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data')

const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  debounce: Number(debounce),
  maxDebounce: Math.max(Number(debounce), 1) * 5,
  extensions: [
    new Database({
      fetch: async ({ documentName }) => read.get(documentName)?.data ?? null,
      store: async ({ documentName, state }) => void write.run(documentName, state),
    }),
  ],
})
await server.listen()
console.log(`listening on ${server.address.port}`)
