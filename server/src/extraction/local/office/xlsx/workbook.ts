import { format, isDateFormat } from 'numfmt'
import type { Archive } from '../archive.ts'
import { relationsOf } from '../package.ts'
import {
  childOf,
  childrenOf,
  descendantsOf,
  elementsOf,
  parseXml,
  streamElements,
  textOf,
  type XmlElement,
} from '../xml.ts'

/** Formats that have a number and no text in the file (ECMA-376-1, 18.8.30), as Excel shows them in English. */
const BUILT_IN: Record<number, string> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0;(#,##0)',
  38: '#,##0;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
}

/** From 1904 on, as old workbooks of Macs count, days are so many fewer. */
const DAYS_TO_1904 = 1462

export type Workbook = {
  sheets: { name: string; part: string; isChart: boolean }[]
  shared: string[]
  /** A number as the format of its cell shows it. */
  show(number: string, style: number): string
}

/** Rich text without what tells its pronunciation. */
export const richText = (item: XmlElement | undefined): string =>
  elementsOf(item)
    .map((child) => (child.name === 't' ? textOf(child) : child.name === 'r' ? textOf(childOf(child, 't')) : ''))
    .join('')
    .replace(/_x([0-9A-F]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))

const readShared = async (archive: Archive, part: string | undefined): Promise<string[]> => {
  const shared: string[] = []
  if (part === undefined || !archive.has(part)) return shared
  for await (const item of streamElements(await archive.stream(part), ['si'])) shared.push(richText(item))
  return shared
}

/** The format of each style of cells. */
const readFormats = (styles: XmlElement | undefined): string[] => {
  const own = new Map(
    [...descendantsOf(childOf(styles, 'numFmts'), 'numFmt')].map(({ attributes }) => [
      Number(attributes.numFmtId),
      attributes.formatCode,
    ]),
  )
  return childrenOf(childOf(styles, 'cellXfs'), 'xf').map(({ attributes }) => {
    const id = Number(attributes.numFmtId)
    return own.get(id) ?? BUILT_IN[id] ?? 'General'
  })
}

const showWith = (pattern: string, text: string, is1904: boolean): string => {
  const number = Number(text)
  if (text === '' || !Number.isFinite(number)) return text
  try {
    const value = is1904 && isDateFormat(pattern) ? number + DAYS_TO_1904 : number
    return format(pattern, value, { throws: true }).trim()
  } catch {
    // A format that makes no sense shows nothing wrong, and no text that hides the number.
    return String(number)
  }
}

/** What all sheets of a workbook share. */
export const readWorkbook = async (archive: Archive, main: string): Promise<Workbook> => {
  const relations = await relationsOf(archive, main)
  const targetOf = (type: string) => relations.find((relation) => relation.type === type)?.target
  const book = parseXml((await archive.read(main)) ?? '')
  const stylesXml = await archive.read(targetOf('styles') ?? '')
  const formats = readFormats(stylesXml ? parseXml(stylesXml) : undefined)
  const is1904 = ['1', 'true'].includes(childOf(book, 'workbookPr')?.attributes.date1904 ?? '')
  const sheets = childrenOf(childOf(book, 'sheets'), 'sheet').flatMap(({ attributes }) => {
    const relation = relations.find(({ id }) => id === attributes.id)
    return relation
      ? [{ name: attributes.name ?? '', part: relation.target, isChart: relation.type === 'chartsheet' }]
      : []
  })
  return {
    sheets,
    shared: await readShared(archive, targetOf('sharedStrings')),
    show: (number, style) => showWith(formats[style] ?? 'General', number, is1904),
  }
}
