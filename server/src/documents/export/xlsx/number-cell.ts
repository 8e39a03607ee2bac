/** A number as a spreadsheet has it, with Excel's number of the format that shows it as it was written; 0 shows it as it likes. */
export type NumberCell = { number: number; format: number }

/** Of ECMA-376, 18.8.30. */
const FORMATS = { plain: [1, 0, 2], grouped: [3, 0, 4] } as const

/** Excel keeps so many digits. */
const MOST_DIGITS = 15

const PLAIN = /^(-?)(0|[1-9]\d*)(?:([.,])(\d+))?$/
const GROUPED = /^(-?)([1-9]\d{0,2}(?:([.,'\u00A0\u202F ])\d{3})(?:\3\d{3})*)(?:([.,])(\d+))?$/

/**
 * The number that a text is, where it can be no other one: `1,234` is a thousand in one country and one in another, so it stays a text, as
 * do `007` and numbers of more digits than a spreadsheet keeps. `1,234.50`, `1.234,50`, `12,5` and `1.234.567` mean the same everywhere.
 */
export function numberCell(text: string): NumberCell | null {
  const plain = PLAIN.exec(text)
  if (plain) {
    const [, sign = '', whole = '', mark, decimals = ''] = plain
    // Three digits after one mark may be thousands, but for a number that begins with 0.
    if (mark !== undefined && decimals.length === 3 && whole !== '0' && whole.length <= 3) return null
    return toCell(sign, whole, decimals, 'plain')
  }
  const grouped = GROUPED.exec(text)
  if (!grouped) return null
  const [, sign = '', groups = '', group = '', mark, decimals = ''] = grouped
  const whole = groups.replaceAll(group, '')
  if (mark === group) return null
  // Groups alone may be a telephone number, or one group a fraction.
  if (mark === undefined && (whole.length <= 6 || !/[.,]/.test(group))) return null
  return toCell(sign, whole, decimals, 'grouped')
}

function toCell(sign: string, whole: string, decimals: string, kind: keyof typeof FORMATS): NumberCell | null {
  if (whole.length + decimals.length > MOST_DIGITS) return null
  return { number: Number(`${sign}${whole}.${decimals || '0'}`), format: FORMATS[kind][decimals.length] ?? 0 }
}
