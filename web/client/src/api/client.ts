import createClient, { type Middleware } from 'openapi-fetch'
import { forget, keep, keyOfAnswer, lastSeenOwner, noteSeen, recall } from '@/app/lastSeen'
import { newOperationId } from './operationId'
import { Problem } from './problem'
import type { paths } from './schema'

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
/** An unknown outcome is asked again with the same operation id (C1, C2), a few times; then the person is told. */
const repeats = [300, 900, 2_000]
/** A command that waits in this browser is sent again when no answer has come by then. */
const longestAnswer = 20_000

let language = 'zh-CN'
let role = ''
let signedOut: () => void = () => undefined

export function speak(newLanguage: string): void {
  language = newLanguage
}

/** In which role what follows is done: somebody may be teacher and parent of one child, and signs as one of them. */
export function actAs(newRole: 'family' | 'staff'): void {
  role = newRole
}

export function actingAs(): string {
  return role
}

/** What to do when the server no longer knows who is asking. */
export function whenSignedOut(then: () => void): void {
  signedOut = then
}

/** The server has answered that nobody is signed in any more. */
export function tellSignedOut(): void {
  signedOut()
}

/** What a command carries along, for the one that is not sent by `http`. */
export function uploadHeaders(): Record<string, string> {
  return { 'Accept-Language': language, 'X-XSRF-TOKEN': cookie('XSRF-TOKEN'), 'Operation-Id': newOperationId(), 'Acting-As': role }
}

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language)
    request.headers.set('Acting-As', role)
    if (unsafe.has(request.method)) for (const [name, value] of Object.entries(uploadHeaders())) request.headers.set(name, value)
    return request
  },
}

async function fetchAndRepeat(request: Request): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    let response: Response
    try {
      response = await fetch(request.clone())
    } catch {
      throw Problem.unreachable()
    }
    const wait = repeats[attempt]
    if (response.status !== 503 || wait === undefined || (await Problem.from(response.clone())).code !== 'unknown-outcome') return response
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}

const seenHeader = 'X-Last-Seen'
/** Answers after which what was seen before may not be shown any more. */
const takenAway = new Set([401, 403, 404])

async function fetchFresh(request: Request): Promise<Response> {
  const whose = lastSeenOwner()
  const response = await fetchAndRepeat(request)
  const key = keyOfAnswer(request.method, request.url)
  if (key !== null && takenAway.has(response.status)) forget(key, whose)
  return response
}

async function fetchAndKeep(request: Request): Promise<Response> {
  const whose = lastSeenOwner()
  const key = keyOfAnswer(request.method, request.url)
  // Tabs share one session: should somebody else have signed in meanwhile, the server does not answer them as if it were us.
  if (whose) request.headers.set('Account', whose.account)
  const response = await fetchFresh(request)
  if (response.ok && key !== null) {
    const copy = response.clone()
    copy.text().then(
      (text) => keep(key, text, whose),
      // The network was cut in the middle: whoever reads the answer is told.
      () => undefined,
    )
  }
  return response
}

async function onlyRecall(request: Request): Promise<Response> {
  const key = keyOfAnswer(request.method, request.url)
  const kept = key === null ? null : await recall(key, lastSeenOwner())
  if (!kept) throw Problem.unreachable()
  return seenResponse(kept)
}

function seenResponse(kept: { value: string; at: string }): Response {
  return new Response(kept.value, { headers: { 'Content-Type': 'application/json', [seenHeader]: kept.at } })
}

/**
 * Sends a command that was stored before, under the operation id that it was stored with. A refusal is thrown as a `Problem`; so is that of some of the many that a command was for: all others have it, and `newer` names those.
 */
export async function sendStored(command: { id: string; account: string; as: string; method: string; path: string; body: unknown }): Promise<void> {
  let response: Response
  try {
    response = await fetch(command.path, {
      method: command.method,
      credentials: 'same-origin',
      // Tabs share one session: should somebody else have signed in meanwhile, the server does not take it as theirs.
      headers: { ...uploadHeaders(), 'Operation-Id': command.id, Account: command.account, 'Acting-As': command.as, 'Content-Type': 'application/json' },
      // Nothing else of this browser is sent while it waits.
      signal: AbortSignal.timeout(longestAnswer),
      body: command.body === undefined ? undefined : JSON.stringify(command.body),
    })
  } catch {
    throw Problem.unreachable()
  }
  if (response.status === 204) return
  if (response.ok) {
    const { refused = [] } = (await response.json()) as { refused?: { student: string; code: string }[] }
    const [first] = refused
    if (first) throw new Problem(response.status, first.code, '', {}, { newer: refused.map((one) => one.student) })
    return
  }
  const problem = await Problem.from(response)
  if (problem.code === 'signed-out') signedOut()
  throw problem
}

/** Asks the server and nobody else: what precedes a command is never an old copy. */
export const http = createClient<paths>({ baseUrl: '', fetch: fetchFresh, credentials: 'same-origin' })
http.use(headers)

export type Http = typeof http

/** Asks the server, for screens that can be read without a network: what it answers is kept in this browser. */
export const keepingHttp: Http = createClient<paths>({ baseUrl: '', fetch: fetchAndKeep, credentials: 'same-origin' })
keepingHttp.use(headers)

/** Asks nobody: answers with what was kept, and where nothing was as if there were no network. */
export const keptHttp: Http = createClient<paths>({ baseUrl: '', fetch: onlyRecall })

/** The body of an answer; a refusal is thrown as a `Problem`. */
export async function take<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked
  if (response.ok) {
    const at = response.headers.get(seenHeader)
    if (at) noteSeen(data, at)
    return data as T
  }
  const problem = await Problem.from(new Response(JSON.stringify(error ?? {}), { status: response.status }))
  if (problem.code === 'signed-out') signedOut()
  throw problem
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}
