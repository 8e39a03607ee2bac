import { withoutAccents, wordsOf } from './search-words.ts'

/** Words that follow each other; a single one is a phrase too. */
export type Phrase = readonly string[]

/** What a page has to have, all of it, and what it must not have. */
export type Alternative = { wanted: Phrase[]; unwanted: Phrase[] }

const PIECE = /(-?)"([^"]*)"?|(-?)(\S+)/g

/**
 * Reads a query as people write it for search engines: words, "phrases", -exclusions, `or`. Nothing is wrong: what makes no sense is left out,
 * and so is an alternative that only excludes, since nearly every page would have it.
 */
export function parseQuery(text: string): Alternative[] {
  const alternatives: Alternative[] = [{ wanted: [], unwanted: [] }]
  for (const [, minusBeforeQuote, quoted, minus, bare] of text.toWellFormed().matchAll(PIECE)) {
    if (bare?.toLowerCase() === 'or' && minus === '') {
      alternatives.push({ wanted: [], unwanted: [] })
      continue
    }
    const phrase = wordsOf(quoted ?? bare ?? '').map((word) => word.text)
    const list = minusBeforeQuote || minus ? 'unwanted' : 'wanted'
    if (phrase.length > 0) alternatives.at(-1)?.[list].push(phrase)
  }
  return alternatives.filter(({ wanted }) => wanted.length > 0)
}

/**
 * The query as an expression of PostgreSQL, a tsquery. What is wanted is looked for in each way that the index has; what is not, as it is
 * written, since a stem would leave out more than was said.
 * @param firstValue the number of its first parameter
 */
export function toTsquery(alternatives: readonly Alternative[], firstValue: number): { sql: string; values: string[] } {
  const values: string[] = []
  const value = (text: string) => `$${firstValue - 1 + values.push(text)}`
  const sql = alternatives.map(({ wanted, unwanted }) => {
    const accented = value(written(wanted))
    const plain = value(withoutAccents(written(wanted)))
    const without = value(withoutAccents(written(unwanted, '-')))
    return `((websearch_to_tsquery('pg_catalog.simple', ${plain}) || websearch_to_tsquery('pg_catalog.english', ${plain})
      || websearch_to_tsquery('pg_catalog.portuguese', ${accented})) && websearch_to_tsquery('pg_catalog.simple', ${without}))`
  })
  return { sql: sql.join(' || '), values }
}

/** In quotes, so that PostgreSQL finds no operator in it. */
const written = (phrases: Phrase[], sign = '') => phrases.map((words) => `${sign}"${words.join(' ')}"`).join(' ')
