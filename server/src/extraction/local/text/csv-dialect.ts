import { parse } from 'csv-parse/sync'

const DELIMITERS = [',', ';', '\t', '|']

/** A header may be short, and a total may stand alone. */
const SAME_FIELDS = 0.75

/** In prose a blank follows a comma. */
const MOST_SPACED = 0.5

/** Records that are looked at; a quote that is never closed swallows the others. */
const RECORDS = 100

/** How csv-parse is to read what people call CSV: rows of any length, quotes where they are not to be. */
export const CSV_OPTIONS = { relax_column_count: true, relax_quotes: true, skip_empty_lines: true, bom: true } as const

const recordsOf = (text: string, delimiter: string): string[][] => {
  try {
    return parse(text, { ...CSV_OPTIONS, delimiter, to: RECORDS })
  } catch {
    return []
  }
}

/** The number of fields that most records have, and the share that has it. */
const commonFields = (records: string[][]): { fields: number; share: number } => {
  const counts = [...Map.groupBy(records, (record) => record.length)].sort((a, b) => b[1].length - a[1].length)
  const [fields = 0, same = []] = counts[0] ?? []
  return { fields, share: same.length / records.length }
}

const isProse = (records: string[][]): boolean => {
  const behind = records.flatMap((record) => record.slice(1))
  return behind.filter((field) => field.startsWith(' ')).length > MOST_SPACED * behind.length
}

/** The character that separates fields, by how evenly it divides records; null when a text is no table. */
export const findDelimiter = (text: string): string | null => {
  const found = DELIMITERS.map((delimiter) => {
    const records = recordsOf(text, delimiter)
    const { fields, share } = commonFields(records)
    const isTable = records.length >= 2 && fields >= 2 && share >= SAME_FIELDS && !isProse(records)
    return { delimiter, score: isTable ? share * fields : 0 }
  }).sort((a, b) => b.score - a.score)
  return found[0] && found[0].score > 0 ? found[0].delimiter : null
}
