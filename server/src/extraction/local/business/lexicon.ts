import { fold } from './fold.ts'

export const LANGUAGES = ['en', 'pt', 'de', 'fr', 'es', 'it', 'nl'] as const
export type Language = (typeof LANGUAGES)[number]

/**
 * Labels of a field by language, apart by `|`. One that ends in `?` says little by itself ("Date", "No."): it is believed only where its value
 * is beside it, and less.
 */
export type Labels<Field extends string> = Record<Field, Partial<Record<Language, string>>>

export type Entry<Field extends string> = { field: Field; languages: Language[]; isWeak: boolean }

/** Labels by their folded letters without spaces, so that "Sub-Total", "Sub total" and "SUBTOTAL" are one. */
export type Lexicon<Field extends string> = Map<string, Entry<Field>>

/** Makes a lexicon. The field that comes first keeps a label that two have. */
export const lexiconOf = <Field extends string>(labels: Labels<Field>): Lexicon<Field> => {
  const lexicon: Lexicon<Field> = new Map()
  for (const [field, byLanguage] of Object.entries(labels) as [Field, Labels<Field>[Field]][])
    for (const language of LANGUAGES)
      for (const label of (byLanguage[language] ?? '').split('|').filter((each) => each !== '')) {
        const known = lexicon.get(fold(label))
        if (known) known.languages.push(language)
        else lexicon.set(fold(label), { field, languages: [language], isWeak: label.endsWith('?') })
      }
  return lexicon
}
