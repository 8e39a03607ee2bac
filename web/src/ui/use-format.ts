import { useTranslation } from 'react-i18next'
import { type Format, formatFor } from '../format.ts'
import { localeOf } from '../i18n/index.ts'

// Each Intl formatter takes a good part of a millisecond to make, and each row of the table needs five.
const formats = new Map<string, Format>()

/** How numbers, sizes and dates are written in the page's language. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const locale = localeOf(i18n.language, navigator.languages)
  const format = formats.get(locale) ?? formatFor(locale)
  formats.set(locale, format)
  return format
}
