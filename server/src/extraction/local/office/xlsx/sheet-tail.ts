import { StringDecoder } from 'node:string_decoder'
import type { Archive } from '../archive.ts'
import { descendantsOf, parseXml } from '../xml.ts'

/** Where a merged cell begins, by row and column from 0, and how far it goes. */
export type Merge = { rowSpan: number; columnSpan: number }

const SHEET_DATA_END = /<\/(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\s*\/>/
const LONGEST_TAG = 100

/** What follows the cells; at most so many characters, which are some hundred thousand merged cells. */
const MOST_TAIL = 20_000_000

const columnOf = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1

/** Row and column from 0 of a reference like `AB12`. */
export const placeOf = (reference: string): { row: number; column: number } | null => {
  const [, letters, digits] = /^\$?([A-Z]{1,3})\$?([0-9]{1,7})$/.exec(reference) ?? []
  return letters && digits ? { row: Number(digits) - 1, column: columnOf(letters) } : null
}

/** The end of a sheet's XML, which comes after its cells and says which of them are merged: searched for, since parsing takes ten times as long. */
const readTail = async (archive: Archive, part: string): Promise<string> => {
  const decoder = new StringDecoder('utf8')
  let text = ''
  let isTail = false
  for await (const chunk of (await archive.stream(part)) as AsyncIterable<Buffer>) {
    text += decoder.write(chunk)
    const end = isTail ? null : SHEET_DATA_END.exec(text)
    if (end) {
      isTail = true
      text = text.slice(end.index + end[0].length)
    } else if (!isTail) text = text.slice(-LONGEST_TAG)
    if (text.length > MOST_TAIL) break
  }
  return isTail ? text : ''
}

/** Merged cells of a sheet, by where they begin, `row/column`. A tail that makes no sense has none. */
export const readMerges = async (archive: Archive, part: string): Promise<Map<string, Merge>> => {
  const tail = await readTail(archive, part)
  const root = /<\/([\w.:-]+)\s*>\s*$/.exec(tail)?.[1]
  const found = new Map<string, Merge>()
  if (!root || !tail.includes('mergeCell')) return found
  for (const { attributes } of descendantsOf(parseXml(`<${root}>${tail}`), 'mergeCell')) {
    const [from, to] = (attributes.ref ?? '').split(':').map(placeOf)
    if (!from || !to) continue
    const [rowSpan, columnSpan] = [to.row - from.row + 1, to.column - from.column + 1]
    if (rowSpan > 0 && columnSpan > 0) found.set(`${from.row}/${from.column}`, { rowSpan, columnSpan })
  }
  return found
}
