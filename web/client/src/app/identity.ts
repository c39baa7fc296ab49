import { toRaw } from 'vue'

const keys = new WeakMap<object, number>()
let next = 0

/** A key for a thing in a list that has no id of its own: the same as long as it is the same thing, wherever in the list it stands. */
export function keyOf(thing: object): number {
  const raw = toRaw(thing)
  let key = keys.get(raw)
  if (key === undefined) keys.set(raw, (key = ++next))
  return key
}
