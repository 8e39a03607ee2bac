import type { Queryable } from '../db/client.ts'

/** A word where it stands in a text, in UTF-16 code units. */
export type TextWord = { offset: number; length: number; text: string }

/** How a word is compared, in each of the index's ways: as it is, by its English and by its Portuguese stem. null: a stop word there. */
export type Forms = readonly (string | null)[]

// What is between words: white space, and the characters that search_text of migration 0006 takes for it.
const WORD = /[^\s\p{Cc}!-/:-@[-`{-©«-´¶-¹»-¿×÷\u2000-\u2bff\u3000-\u303f]+/gu

export const wordsOf = (text: string): TextWord[] =>
  [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    offset: index,
    length: word.length,
    text: word.normalize('NFKC').toLowerCase(),
  }))

/** As search_without_accents of migration 0006. */
export const withoutAccents = (word: string): string => word.normalize('NFD').replace(/[\u0300-\u036f]+/g, '')

/**
 * The forms of words, asked of PostgreSQL, whose dictionaries have made the index.
 * @param words each once, as wordsOf writes them
 */
export async function readForms(db: Queryable, words: readonly string[]): Promise<Map<string, Forms>> {
  const plain = words.map(withoutAccents)
  const { rows } = await db.query<{ english: string[] | null; portuguese: string[] | null }>({
    name: 'forms of words',
    text: `SELECT ts_lexize('pg_catalog.english_stem', plain) AS english, ts_lexize('pg_catalog.portuguese_stem', word) AS portuguese
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS words (word, plain, n) ORDER BY n`,
    values: [words, plain],
  })
  return new Map(
    rows.map(({ english, portuguese }, n) => [
      words[n] ?? '',
      [plain[n] ?? '', english?.[0] ?? null, portuguese?.[0] ?? null],
    ]),
  )
}
