import { http, take } from '@/api/client'
import { newOperationId } from '@/api/operationId'
import type { SheetItemView } from '@/api/types'
import type { ClassPlace } from '../classPlace'
import type { WaitingCommands } from '../waitingCommands'
import type { ItemWords } from './itemLines'

/** What families see, or what waits until they do. */
export type Where = 'sheets' | 'drafts'

const mostAtOnce = 30

interface Path {
  school: string
  class: string
  date: string
}

export function pathOf(place: ClassPlace): Path {
  return { school: place.school, class: place.class, date: place.date }
}

function addressOf(where: Where, place: ClassPlace): string {
  return `/api/book/${where}/${encodeURIComponent(place.school)}/${encodeURIComponent(place.class)}/${place.date}`
}

/** Everything that is on its way to one sheet or draft begins so. */
export function subjectsOfAdding(where: Where, place: ClassPlace): string {
  return `add/${where}/${place.school}/${place.class}/${place.date}/`
}

/** What is written for one day goes out in the order in which it was written. */
function lineOf(place: ClassPlace): string {
  return `desk/${place.school}/${place.class}/${place.date}`
}

/**
 * Puts new items on their way; a line that was typed once is not typed again, whatever the network does.
 * @param releaseAt For a draft that has no time yet: when it is released by itself. It goes with the items, so that either both are taken or their writer is told.
 */
export function add(commands: WaitingCommands, where: Where, place: ClassPlace, items: readonly ItemWords[], releaseAt: Date | null = null): void {
  for (let at = 0; at < items.length; at += mostAtOnce) {
    const some = items.slice(at, at + mostAtOnce)
    commands.put({
      subject: subjectsOfAdding(where, place) + newOperationId(),
      line: lineOf(place),
      method: 'POST',
      path: `${addressOf(where, place)}/items`,
      body: where === 'sheets' ? { items: some } : { items: some, releaseAt: releaseAt?.toISOString() ?? null },
    })
  }
}

export function schedule(place: ClassPlace, at: Date | null): Promise<unknown> {
  return take(http.PUT('/api/book/drafts/{school}/{class}/{date}/schedule', { params: { path: pathOf(place) }, body: { at: at?.toISOString() ?? null } }))
}

export function release(place: ClassPlace): Promise<unknown> {
  return take(http.POST('/api/book/drafts/{school}/{class}/{date}/release', { params: { path: pathOf(place) } }))
}

export function change(where: Where, place: ClassPlace, item: string, body: { version: number; subject: string | null; text: string }): Promise<unknown> {
  const params = { path: { ...pathOf(place), item } }
  return take(where === 'sheets' ? http.PUT('/api/book/sheets/{school}/{class}/{date}/items/{item}', { params, body }) : http.PUT('/api/book/drafts/{school}/{class}/{date}/items/{item}', { params, body }))
}

export function remove(where: Where, place: ClassPlace, item: string): Promise<unknown> {
  const params = { path: { ...pathOf(place), item } }
  return take(where === 'sheets' ? http.DELETE('/api/book/sheets/{school}/{class}/{date}/items/{item}', { params }) : http.DELETE('/api/book/drafts/{school}/{class}/{date}/items/{item}', { params }))
}

export function restore(place: ClassPlace, item: string): Promise<unknown> {
  return take(http.POST('/api/book/sheets/{school}/{class}/{date}/items/{item}/restore', { params: { path: { ...pathOf(place), item } } }))
}

/** An item as it is now, asked for where the live view has not told yet; null when it is no longer there. */
export async function itemNow(where: Where, place: ClassPlace, item: string): Promise<SheetItemView | null> {
  const params = { path: pathOf(place) }
  const view = await take<{ items: SheetItemView[] }>(where === 'sheets' ? http.GET('/api/book/sheets/{school}/{class}/{date}', { params }) : http.GET('/api/book/drafts/{school}/{class}/{date}', { params }))
  return view.items.find((one) => one.item === item) ?? null
}
