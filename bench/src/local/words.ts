/** What of a text counts in a comparison: its runs of letters and digits, without case and accents' variants of writing (NFKC). */
export function wordsIn(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

export type Score = { found: number; truth: number; both: number }

/** Compares two texts as bags of words: how often each is in both. */
export function compareWords(found: string[], truth: string[]): Score {
  const left = new Map<string, number>()
  for (const word of truth) left.set(word, (left.get(word) ?? 0) + 1)
  let both = 0
  for (const word of found) {
    const times = left.get(word) ?? 0
    if (times === 0) continue
    left.set(word, times - 1)
    both += 1
  }
  return { found: found.length, truth: truth.length, both }
}

/** The harmonic mean of precision and recall over all that was compared, 0 to 1. */
export function f1(scores: Score[]): number {
  const sum = (key: keyof Score) => scores.reduce((all, score) => all + score[key], 0)
  const all = sum('found') + sum('truth')
  return all === 0 ? 1 : (2 * sum('both')) / all
}
