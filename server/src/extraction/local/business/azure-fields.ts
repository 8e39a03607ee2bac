import type { AddressValue, DocumentField } from '@adp/contract/result-fields.ts'
import { type Box, type QuarterTurns, unionBox } from '../geometry.ts'
import type { LocalPage, PlainPage } from '../local-page.ts'
import { regionOf, spansOf } from '../structure/region.ts'
import type { Token } from '../structure/token.ts'
import { rowsOf } from '../structure/token.ts'
import type { Found, FoundAmount, FoundDate } from './values.ts'

/** Less sure values are left out: a field that is not there is better than a wrong one. */
export const LEAST = 0.5

export type Fields = Record<string, DocumentField>

/** Where on a page, and where in its content, the words of fields are. */
export type Place = { page: LocalPage | PlainPage; turns: QuarterTurns }

/** Where a box of upright text is on its page; nothing where the file has no layout. */
const regions = (box: Box, { page, turns }: Place) =>
  'words' in page ? { boundingRegions: [regionOf(box, page, turns)] } : {}

const thousandths = (confidence: number): number => Math.round(Math.min(0.99, Math.max(0, confidence)) * 1000) / 1000

/** The words line by line, as they stand on the page. */
const contentOf = (tokens: readonly Token[]): string =>
  rowsOf(tokens)
    .map((row) => row.tokens.map(({ text }) => text).join(' '))
    .join('\n')

const placed = (tokens: readonly Token[], confidence: number, place: Place) => ({
  content: contentOf(tokens),
  ...regions(unionBox(tokens.map(({ box }) => box)), place),
  spans: spansOf(tokens),
  confidence: thousandths(confidence),
})

const enough = <Value>(found: Found<Value> | null | undefined): found is Found<Value> =>
  found !== null && found !== undefined && found.tokens.length > 0 && found.confidence >= LEAST

/** A field, or none when it was not found surely enough. */
type ToField<Value> = (found: Found<Value> | null | undefined, place: Place) => DocumentField | null

export const stringField: ToField<string> = (found, place) =>
  enough(found) ? { type: 'string', valueString: found.value, ...placed(found.tokens, found.confidence, place) } : null

export const numberField: ToField<number> = (found, place) =>
  enough(found) ? { type: 'number', valueNumber: found.value, ...placed(found.tokens, found.confidence, place) } : null

/** Where day and month cannot be told apart, the date stands there without a value. */
export const dateField: ToField<FoundDate['value']> = (found, place) =>
  enough(found)
    ? {
        type: 'date',
        ...(found.value.date !== null && { valueDate: found.value.date }),
        ...placed(found.tokens, found.value.date === null ? found.confidence / 2 : found.confidence, place),
      }
    : null

export const timeField: ToField<string> = (found, place) =>
  enough(found) ? { type: 'time', valueTime: found.value, ...placed(found.tokens, found.confidence, place) } : null

export const phoneField: ToField<string> = (found, place) =>
  enough(found)
    ? {
        type: 'phoneNumber',
        ...(found.value.startsWith('+') && { valuePhoneNumber: found.value }),
        ...placed(found.tokens, found.confidence, place),
      }
    : null

/** @param code of the document's currency, for amounts that do not say theirs */
export const currencyField = (
  found: FoundAmount | null | undefined,
  code: string | null,
  place: Place,
): DocumentField | null => {
  if (!enough(found)) return null
  const { amount, currency } = found.value
  // A bare dollar sign is that of the dollar which the document names elsewhere.
  const known = currency && !(currency.symbol === '$' && code?.endsWith('D')) ? currency.code : code
  return {
    type: 'currency',
    valueCurrency: {
      ...(currency?.symbol && { currencySymbol: currency.symbol }),
      amount,
      ...(known && { currencyCode: known }),
    },
    ...placed(found.tokens, found.confidence, place),
  }
}

const POSTAL_CODE = /\b(\d{5}-\d{3,4}|\d{4}-\d{3}|\d{5}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b/

/** What of an address is sure: its first line, and a postal code where there is one only. */
const addressValue = (lines: string[]): AddressValue => {
  const [street = '', ...others] = lines
  const code = POSTAL_CODE.exec(others.join('\n').slice(0, 300))?.[1]
  return { ...(/\d/.test(street) && { streetAddress: street }), ...(code && { postalCode: code }) }
}

export const addressField: ToField<string> = (found, place) =>
  enough(found)
    ? {
        type: 'address',
        valueAddress: addressValue(found.value.split('\n')),
        ...placed(found.tokens, found.confidence, place),
      }
    : null

export const objectField = (fields: Fields, tokens: readonly Token[], place: Place): DocumentField => {
  const confidences = Object.values(fields).map(({ confidence }) => confidence ?? 0)
  return { type: 'object', valueObject: fields, ...placed(tokens, Math.min(...confidences), place) }
}

/** Without those that were not found. */
export const present = (fields: Record<string, DocumentField | null>): Fields =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, DocumentField] => entry[1] !== null))

export const arrayField = (fields: DocumentField[]): DocumentField | null =>
  fields.length > 0 ? { type: 'array', valueArray: fields } : null
