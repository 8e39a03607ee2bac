import type { Span } from '@adp/contract/geometry.ts'
import type { Queryable } from '../db/client.ts'
import type { Alternative, Phrase } from './search-query.ts'
import { type Forms, readForms, type TextWord, wordsOf } from './search-words.ts'

/** No more are told of a page: nobody looks at them one by one. */
const MOST_MATCHES = 100

/**
 * Where the words and phrases of a query stand in texts, as the index compares them.
 * @returns for each text, in its order; none overlaps another
 */
export async function findMatches(
  db: Queryable,
  alternatives: readonly Alternative[],
  texts: readonly string[],
): Promise<Span[][]> {
  const phrases = alternatives.flatMap(({ wanted }) => wanted)
  const words = texts.map(wordsOf)
  // Stems keep the first letter, so that only words that begin like one of the query have to be asked for.
  const initials = new Set(phrases.flat().map(initial))
  const candidates = words.flat().filter(({ text }) => initials.has(initial(text)))
  const forms = await readForms(db, [...new Set([...phrases.flat(), ...candidates.map(({ text }) => text)])])
  const marked = worthMarking(phrases, forms)
  return words.map((ofText) => matchesIn(ofText, marked, forms))
}

const initial = (word: string) => word.normalize('NFD').slice(0, 1)

/** "The" alone is not what somebody looks for, unless there is nothing else. */
function worthMarking(phrases: Phrase[], forms: Map<string, Forms>): Phrase[] {
  const worth = phrases.filter((words) => words.some((word) => forms.get(word)?.every((form) => form !== null)))
  return worth.length > 0 ? worth : phrases
}

function matchesIn(words: TextWord[], phrases: Phrase[], forms: Map<string, Forms>): Span[] {
  const found: Span[] = []
  for (let at = 0; at < words.length && found.length < MOST_MATCHES; ) {
    const longest = Math.max(0, ...phrases.map((phrase) => (isAt(words, at, phrase, forms) ? phrase.length : 0)))
    const [first, last] = [words[at], words[at + longest - 1]]
    if (longest > 0 && first && last) {
      found.push({ offset: first.offset, length: last.offset + last.length - first.offset })
    }
    at += Math.max(1, longest)
  }
  return found
}

/** In one of the ways of comparing all words have to fit; a stop word stands for any word, as in the index, which has it as a gap. */
function isAt(words: TextWord[], at: number, phrase: Phrase, forms: Map<string, Forms>): boolean {
  if (at + phrase.length > words.length) return false
  return [0, 1, 2].some((way) => {
    const wanted = phrase.map((word) => forms.get(word)?.[way] ?? null)
    if (wanted.every((form) => form === null)) return false
    return wanted.every((form, n) => form === null || form === forms.get(words[at + n]?.text ?? '')?.[way])
  })
}
