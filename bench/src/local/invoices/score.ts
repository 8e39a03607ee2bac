import type { Truth } from './truth.ts'

export type Count = { truth: number; found: number; correct: number }
export type Scores = Map<string, Count>
export type Miss = { field: string; truth: string | undefined; found: string | undefined }

/** The fields of lines count together: "Items.Description". */
const groupOf = (name: string): string => name.replace(/\.\d+\./, '.')

/** Adds a document to the scores. A value that is found where there is none is as wrong as another value. Returns what differs. */
export const addScores = (scores: Scores, truth: Truth, found: Truth): Miss[] => {
  const misses: Miss[] = []
  for (const name of new Set([...truth.keys(), ...found.keys()])) {
    const [is, was] = [truth.get(name), found.get(name)]
    const count = scores.get(groupOf(name)) ?? { truth: 0, found: 0, correct: 0 }
    scores.set(groupOf(name), {
      truth: count.truth + (is === undefined ? 0 : 1),
      found: count.found + (was === undefined ? 0 : 1),
      correct: count.correct + (is !== undefined && is === was ? 1 : 0),
    })
    if (is !== was) misses.push({ field: name, truth: is, found: was })
  }
  return misses
}

export const total = (scores: Scores): Count =>
  [...scores.values()].reduce(
    (sum, { truth, found, correct }) => ({
      truth: sum.truth + truth,
      found: sum.found + found,
      correct: sum.correct + correct,
    }),
    { truth: 0, found: 0, correct: 0 },
  )

const share = (part: number, all: number): string => (all === 0 ? '-' : ((100 * part) / all).toFixed(1))

/** A row of the table: how much of what was found is right, and how much of what is there was found rightly, in %. */
export const scoreRow = (name: string, { truth, found, correct }: Count): string[] => [
  name,
  share(correct, found),
  share(correct, truth),
  String(found),
  String(truth),
]
