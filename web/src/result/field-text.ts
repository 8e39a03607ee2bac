import type { DocumentField } from '@adp/contract/result-fields.ts'
import type { Format } from '../format.ts'

/** Words that some values are said with. */
export type ValueWords = Record<'yes' | 'no' | 'selected' | 'unselected' | 'signed' | 'unsigned', string>

/**
 * The value of a field as the reader's language writes it; its own words where there is no value that we know, and null when the field
 * was not found. Arrays and objects have no text of their own.
 */
export function fieldText(field: DocumentField, format: Format, words: ValueWords): string | null {
  return valueText(field, format, words) ?? field.content ?? null
}

function valueText(field: DocumentField, format: Format, words: ValueWords): string | undefined {
  const { valueDate, valueCurrency, valueAddress, valueBoolean, valueSelectionGroup } = field
  const number = field.valueNumber ?? field.valueInteger
  if (number !== undefined) return format.exactNumber(number)
  if (valueDate !== undefined) return format.day(valueDate)
  if (valueBoolean !== undefined) return valueBoolean ? words.yes : words.no
  if (valueCurrency) return format.money(valueCurrency.amount, valueCurrency.currencyCode, valueCurrency.currencySymbol)
  // An address is written differently in each country, and the document knows how.
  if (valueAddress) return field.content ?? Object.values(valueAddress).join(', ')
  if (valueSelectionGroup) return valueSelectionGroup.join(', ')
  const word = field.valueSelectionMark ?? field.valueSignature
  if (word !== undefined) return words[word as keyof ValueWords] ?? word
  return field.valueString ?? field.valueTime ?? field.valuePhoneNumber ?? field.valueCountryRegion
}

/** Selection marks stand as `:selected:` in what was read; said in the reader's language. */
export const sayMarks = (content: string, words: Pick<ValueWords, 'selected' | 'unselected'>): string =>
  content.replaceAll(/:(selected|unselected):/g, (_, state: 'selected' | 'unselected') => words[state])
