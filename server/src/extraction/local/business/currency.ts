/** What stands for a currency beside an amount. A bare dollar sign is the dollar of many countries: USD unless a code says otherwise. */
const SYMBOLS: Record<string, string> = {
  R$: 'BRL',
  US$: 'USD',
  A$: 'AUD',
  AU$: 'AUD',
  C$: 'CAD',
  CA$: 'CAD',
  NZ$: 'NZD',
  HK$: 'HKD',
  S$: 'SGD',
  MX$: 'MXN',
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₩': 'KRW',
  '₺': 'TRY',
  zł: 'PLN',
  Kč: 'CZK',
}

const CODES = new Set(
  'USD EUR GBP BRL CHF JPY CNY INR AUD CAD NZD SEK NOK DKK PLN CZK HUF RON TRY MXN ARS CLP COP PEN ZAR SGD HKD KRW ILS AED SAR AOA MZN CVE'.split(
    ' ',
  ),
)

/** Spelled as people write it in the place of a code. */
const NAMES: Record<string, string> = { EURO: 'EUR', EUROS: 'EUR', RS: 'INR' }

/** `symbol` as it stands there, and the ISO 4217 code. */
export type Currency = { symbol?: string; code: string }

/** The currency that a text is, "R$" or "EUR", and null when it is none. */
export const currencyOf = (text: string): Currency | null => {
  const code = SYMBOLS[text] ?? SYMBOLS[text.toUpperCase()]
  if (code) return { symbol: text, code }
  const letters = text.toUpperCase().replace(/[().:]/g, '')
  if (CODES.has(letters)) return { code: letters }
  const named = NAMES[letters]
  return named ? { code: named } : null
}
