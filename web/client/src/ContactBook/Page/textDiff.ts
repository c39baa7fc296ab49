/** What happened to a stretch of text between two versions of it. */
export interface DiffPart {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** Beyond so many comparisons what lies between the common beginning and end counts as replaced: nobody reads a difference of that size letter by letter. */
const mostComparisons = 2_000_000

/** The difference of two texts for people to read: by words, and by characters where a script has no words. What is removed comes before what is added. */
export function diffTexts(before: string, after: string): DiffPart[] {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++

  const parts = new Parts()
  parts.add('same', a.slice(0, start))
  for (const one of middleOf(a.slice(start, a.length - end), b.slice(start, b.length - end))) parts.add(one.kind, one.words)
  parts.add('same', a.slice(a.length - end))
  return parts.done()
}

export function isChanged(parts: readonly DiffPart[]): boolean {
  return parts.some((one) => one.kind !== 'same')
}

interface Run {
  kind: DiffPart['kind']
  words: string[]
}

function wordsOf(text: string): string[] {
  return text.match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+|[^]/gu) ?? []
}

/** By the longest common subsequence. */
function middleOf(a: readonly string[], b: readonly string[]): Run[] {
  if (a.length === 0 || b.length === 0 || a.length * b.length > mostComparisons) return replaced(a, b)
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }

  const runs: Run[] = []
  const push = (kind: Run['kind'], word: string | undefined): void => {
    if (word === undefined) return
    const last = runs.at(-1)
    if (last?.kind === kind) last.words.push(word)
    else runs.push({ kind, words: [word] })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push('same', a[i++])
      j++
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) push('removed', a[i++])
    else push('added', b[j++])
  }
  return withoutIslands(runs)
}

function replaced(a: readonly string[], b: readonly string[]): Run[] {
  return [
    { kind: 'removed', words: [...a] },
    { kind: 'added', words: [...b] },
  ]
}

/** A single character that two sentences happen to share is no part that stayed: a reader would stumble over it. */
function withoutIslands(runs: readonly Run[]): Run[] {
  return runs.flatMap((run, index) => {
    const isIsland = run.kind === 'same' && run.words.length === 1 && index > 0 && index < runs.length - 1 && run.words[0] !== '\n'
    return isIsland ? replaced(run.words, run.words) : [run]
  })
}

/** Joins what belongs together: between two stretches that stayed there is at most one removed and one added. */
class Parts {
  private readonly parts: DiffPart[] = []
  private removed = ''
  private added = ''

  add(kind: DiffPart['kind'], words: readonly string[]): void {
    const text = words.join('')
    if (!text) return
    if (kind === 'removed') this.removed += text
    else if (kind === 'added') this.added += text
    else {
      this.flush()
      const last = this.parts.at(-1)
      if (last?.kind === 'same') last.text += text
      else this.parts.push({ kind, text })
    }
  }

  done(): DiffPart[] {
    this.flush()
    return this.parts
  }

  private flush(): void {
    if (this.removed) this.parts.push({ kind: 'removed', text: this.removed })
    if (this.added) this.parts.push({ kind: 'added', text: this.added })
    this.removed = this.added = ''
  }
}
