/** Asks for many things, a few at a time, in their order. The first failure is the answer. */
export async function fewAtATime<T, R>(list: readonly T[], most: number, ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++
      answers[at] = await ask(list[at] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, list.length) }, work))
  return answers
}
