import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { en } from '@/app/texts/en'
import { zh } from '@/app/texts/zh'

/** Each reason that the server may give for not taking somebody's words is said to them in a sentence; what the client finds out by itself is said in the general one. */
test.each([zh, en])('every code of a refused push has its sentence', async ({ coEditing }) => {
  const contract = await readFile(new URL('../../../../grain-interfaces/CoEditing/ITextDocumentGrain.cs', import.meta.url), 'utf8')
  const codes = [...(contract.split('class TextCodes')[1]?.split('\n}')[0] ?? '').matchAll(/public const string \w+ = "([^"]+)"/g)].map(([, code]) => code ?? '')
  const hub = await readFile(new URL('../../../Live/LiveHub.cs', import.meta.url), 'utf8')
  codes.push(...[...hub.matchAll(/PushAnswer\.Refused\("([^"]+)"\)/g)].map(([, code]) => code ?? ''))
  expect(codes.length).toBeGreaterThan(10)
  // Those after which the same words are sent again by themselves, and the one of a program that does not speak the protocol.
  const silent = ['unknown-outcome', 'not-joined', 'bad-request']
  const said = { ...coEditing.refused, 'too-fast': coEditing.words.slowed }
  expect(codes.filter((code) => !silent.includes(code) && !(code in said))).toEqual([])
})
