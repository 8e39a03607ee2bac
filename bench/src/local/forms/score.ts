import type { LocallyReadPage } from '../../../../server/src/extraction/local/local-page.ts'
import type { TrueMark, TruePair, Truth } from './sheet.ts'

export type Tally = { truth: number; found: number; correct: number }
export type Scored = {
  pairs: Tally
  marks: Tally
  judged: { confidence: number; isCorrect: boolean }[]
  wrong: string[]
  missed: string[]
}

export const NONE: Tally = { truth: 0, found: 0, correct: 0 }
export const add = (a: Tally, b: Tally): Tally => ({
  truth: a.truth + b.truth,
  found: a.found + b.found,
  correct: a.correct + b.correct,
})

/** Without case, spaces, and the colon or the dots after a label. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\s:._]+$/u, '')
    .replace(/\s+/gu, '')

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] as number
}

/** Whether two texts are the same but for so many wrong letters, as a share of the longer one: OCR's own errors are not a pair's. */
const isSame = (found: string, truth: string, errors: number): boolean => {
  const [a, b] = [plain(found), plain(truth)]
  return distance(a, b) <= errors * Math.max(a.length, b.length)
}

type Found = { key: string; value: string | null; confidence: number }

const isPair = (found: Found, truth: TruePair, errors: number): boolean =>
  isSame(found.key, truth.key, errors) &&
  (truth.value === null || found.value === null
    ? truth.value === found.value
    : isSame(found.value, truth.value, errors))

/** Marks lie on each other when their middles are closer, in points. */
const NEAR = 8

type Layout = Pick<LocallyReadPage, 'page' | 'parts'>

/** @param perUnit points to a unit of the page @param errors share of letters that may be wrong */
export function score({ page, parts }: Layout, truth: Truth, perUnit: number, errors: number): Scored {
  const left = [...truth.pairs]
  const judged: Scored['judged'] = []
  const wrong: string[] = []
  for (const { key, value, confidence } of parts?.keyValuePairs ?? []) {
    const found = { key: key.content, value: value?.content ?? null, confidence }
    const at = left.findIndex((pair) => isPair(found, pair, errors))
    if (at >= 0) left.splice(at, 1)
    else wrong.push(`${found.key} => ${found.value}`)
    judged.push({ confidence, isCorrect: at >= 0 })
  }
  const marks = 'selectionMarks' in page ? (page.selectionMarks ?? []) : []
  const free: TrueMark[] = [...truth.marks]
  let correct = 0
  for (const { state, polygon = [] } of marks) {
    const [x, y] = [((polygon[0] ?? 0) + (polygon[4] ?? 0)) / 2, ((polygon[1] ?? 0) + (polygon[5] ?? 0)) / 2]
    const at = free.findIndex(
      (mark) =>
        mark.selected === (state === 'selected') && Math.hypot(mark.x - x * perUnit, mark.y - y * perUnit) < NEAR,
    )
    if (at < 0) continue
    free.splice(at, 1)
    correct += 1
  }
  return {
    pairs: { truth: truth.pairs.length, found: judged.length, correct: truth.pairs.length - left.length },
    marks: { truth: truth.marks.length, found: marks.length, correct },
    judged,
    wrong,
    missed: left.map(({ key, value }) => `${key} => ${value}`),
  }
}
