import { type Currency, currencyOf } from './currency.ts'

/** Which sign stands before the decimals in a document: null while nothing tells. */
export type DecimalMark = '.' | ',' | null

/**
 * An amount as it stands on paper. `sure` is false where another reading is possible: "1.234" where nothing tells what the point is.
 * `plain`: a bare whole number, which may be anything.
 */
export type Amount = { amount: number; currency: Currency | null; sure: boolean; plain: boolean }

/** No amount of money is longer, with its currency; longer text is not looked at. */
const LONGEST = 32

/** Sign or bracket, currency, digits, currency, sign. Each part takes characters that the next cannot, so that it cannot run away. */
const SHAPE =
  /^([-–−+(]?) ?([^\d\s.,()–−+-]{0,6})[ .:]?([-–−]?) ?(\d[\d.,'’ ]*?)(,-|\.-|,–)? ?([^\d\s.,()–−+-]{0,6}) ?([-–−)]?)$/u

const GROUPED = /^\d{1,3}(?:([.,'’ ])\d{2,3})(?:\1\d{2,3})*$/

/** "1,234" may be either: three digits after the only mark. */
const EITHER = /^\d{1,3}([.,])\d{3}$/

type Digits = { value: number; sure: boolean }

const inGroups = (whole: string): number | null => {
  if (/^\d+$/.test(whole)) return Number(whole)
  if (!GROUPED.test(whole) || !/\d{3}$/.test(whole)) return null
  return Number(whole.replace(/\D/g, ''))
}

const digitsOf = (text: string, mark: DecimalMark): Digits | null => {
  const either = EITHER.exec(text)
  if (either) {
    if (mark === either[1]) return { value: Number(text.replace(',', '.')), sure: false }
    return { value: Number(text.replace(/\D/g, '')), sure: mark !== null }
  }
  const decimals = /^(.*)([.,])(\d{1,4})$/.exec(text)
  if (decimals?.[2] && decimals[2] !== decimals[1]?.replace(/[^.,]/g, '').at(-1)) {
    const whole = inGroups(decimals[1] as string)
    if (whole === null) return null
    const sure = mark === null || mark === decimals[2]
    return { value: Number(`${whole}.${decimals[3]}`), sure }
  }
  const whole = inGroups(text)
  return whole === null ? null : { value: whole, sure: true }
}

/** Which mark an amount uses for sure: it has two decimals, or both marks. null when it does not tell. */
export const markOf = (text: string): DecimalMark => {
  const mark = /\d([.,])\d{2}(?!\d)[^\d.,]*$/.exec(text.slice(0, LONGEST))?.[1]
  return mark === '.' || mark === ',' ? mark : null
}

/** An amount of money, or null when the text is anything else, also a date, a percentage or a quantity with its unit. */
export const parseAmount = (text: string, mark: DecimalMark): Amount | null => {
  if (text.length > LONGEST || text.includes('%')) return null
  const shape = SHAPE.exec(text.trim())
  if (!shape) return null
  const [, before = '', left = '', inner = '', digits = '', , right = '', after = ''] = shape
  if ((before === '(') !== (after === ')')) return null
  const currency = left ? currencyOf(left) : null
  const behind = right ? currencyOf(right) : null
  if ((left && !currency) || (right && !behind)) return null
  const read = digitsOf(digits.trim(), mark)
  if (!read || !Number.isFinite(read.value)) return null
  const negative = before === '(' || [before, inner, after].some((sign) => /^[-–−]$/.test(sign))
  const found = currency && behind ? { ...currency, code: behind.code } : (currency ?? behind)
  const plain = found === null && /^\d+$/.test(digits)
  return { amount: negative ? -read.value : read.value, currency: found, sure: read.sure, plain }
}
