/** What a cell shows: a text, or a number with Excel's number of its format. */
export type SheetValue = string | { number: number; format: number }

export type SheetCell = { column: number; value: SheetValue; isHead?: boolean }

/** `merges` is read after the rows, which may fill it: `A1:B2`. */
export type Sheet = {
  name: string
  /** Of the columns, in letters. */
  widths: readonly number[]
  rows: AsyncIterable<SheetCell[]> | Iterable<SheetCell[]>
  merges?: readonly string[]
}

/** Excel refuses a file with more (its specifications and limits). */
export const MOST_ROWS = 1_048_576
export const MOST_COLUMNS = 16_384
const LONGEST_TEXT = 32_767

/** Number formats that have a style, in the order of the styles: styles 2 to 5. */
export const NUMBER_FORMATS = [1, 2, 3, 4] as const
export const STYLES = { plain: 0, head: 1, firstNumber: 2 } as const

export const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** What XML 1.0 cannot say, half surrogates among it. */
const UNSAYABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escapeXml = (text: string): string =>
  text.replaceAll(UNSAYABLE, '').replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter] as string)

/** `_x0041_` would be read as an A (ECMA-376, 22.9.2.19). */
const escapeText = (text: string): string =>
  escapeXml(text.slice(0, LONGEST_TEXT)).replaceAll(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_')

/** A, B, …, Z, AA: from 0. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26))
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter
}

function cellXml({ column, value, isHead }: SheetCell, row: number): string {
  const place = `r="${columnName(column)}${row}"`
  if (typeof value !== 'string') {
    const known = NUMBER_FORMATS.indexOf(value.format as (typeof NUMBER_FORMATS)[number])
    const style = isHead ? STYLES.head : known < 0 ? STYLES.plain : STYLES.firstNumber + known
    return `<c ${place} s="${style}"><v>${value.number}</v></c>`
  }
  const style = isHead ? STYLES.head : STYLES.plain
  if (value === '') return isHead ? `<c ${place} s="${style}"/>` : ''
  return `<c ${place} s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeText(value)}</t></is></c>`
}

function columnsXml(widths: readonly number[]): string {
  const columns = widths
    .slice(0, MOST_COLUMNS)
    .map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`)
  return columns.length > 0 ? `<cols>${columns.join('')}</cols>` : ''
}

/** A sheet's part of the workbook, piece by piece. What Excel has no room for is left out. */
export async function* sheetXml({ widths, rows, merges = [] }: Sheet): AsyncGenerator<string> {
  yield `${XML_HEAD}<worksheet xmlns="${NAMESPACE}">${columnsXml(widths)}<sheetData>`
  let row = 0
  for await (const cells of rows) {
    row += 1
    if (row > MOST_ROWS) break
    const inside = cells.filter(({ column }) => column < MOST_COLUMNS)
    if (inside.length > 0) yield `<row r="${row}">${inside.map((cell) => cellXml(cell, row)).join('')}</row>`
  }
  yield '</sheetData>'
  if (merges.length > 0) yield `<mergeCells>${merges.map((area) => `<mergeCell ref="${area}"/>`).join('')}</mergeCells>`
  yield '</worksheet>'
}
