import type { Language } from '@adp/contract/analyze-result.ts'
import { francAll } from 'franc-min'
import type { z } from 'zod'
import { languageByFunctionWords } from './function-words.ts'

/** More of a page changes nothing, and takes longer. */
const LOOKED_AT = 1000

/**
 * By how much a language has to be nearer than the next one, with so many letters, and how sure it is then. Of 1,300 pieces of English and
 * French pages with as many letters and margins 95 % and more were told right; of 60 letters without a margin 41 %.
 */
const BOUNDS = [
  { letters: 250, margin: 0.01, confidence: 0.98 },
  { letters: 120, margin: 0.05, confidence: 0.97 },
  { letters: 60, margin: 0.1, confidence: 0.95 },
] as const

/** Compares trigrams with those of 80 languages: 2.5 ms, a third of what else a page takes. */
const byTrigrams = (text: string, margin: number): string | null => {
  const [[code, best] = ['und', 0], [, next] = ['', 0]] = francAll(text)
  return code === 'und' || best - next < margin ? null : code
}

/**
 * The language of a page's text, if it has enough of it to tell: numbers, names and single words are in none.
 * `locale` is a language tag without a region, e.g. `pt`.
 */
export const languageOf = (content: string): z.infer<typeof Language> | null => {
  const text = content.slice(0, LOOKED_AT)
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const bound = BOUNDS.find((each) => letters >= each.letters)
  if (!bound || letters < text.length / 2) return null
  const code = languageByFunctionWords(text) ?? byTrigrams(text, bound.margin)
  if (!code) return null
  // Three letters become two where there are: `por` is `pt`, and `cmn` is `zh`.
  const [locale = code] = Intl.getCanonicalLocales(code)
  return { locale, spans: [{ offset: 0, length: content.length }], confidence: bound.confidence }
}
