import type { LocalModel } from '@adp/contract/extraction-options.ts'
import type { LocallyReadPage } from '../local-page.ts'
import { scaleOf } from '../structure/scale.ts'
import type { Token } from '../structure/token.ts'
import { findDocument } from './find-document.ts'

/** A file without a layout is looked at as if it were typed: letters are one wide and one high, lines two apart. */
const LINE = 2

/** Between columns of a table lies so much, which is more than between words. */
const GUTTER = 4

/** So long a text of a cell moves the next column; longer ones run into it. */
const WIDEST = 60

type Line = { cells: string[]; offset: number }

const linesOf = (content: string): Line[] => {
  let offset = 0
  return content.split('\n').map((text) => {
    const line = { cells: text.split('\t'), offset }
    offset += text.length + 1
    return line
  })
}

/** Rows of tables that follow each other have their columns in the same places. */
const startsOf = (lines: readonly Line[]): number[][] => {
  const starts: number[][] = []
  for (let first = 0; first < lines.length; ) {
    let end = first + 1
    const isRow = (line: Line | undefined) => line !== undefined && line.cells.length > 1
    if (isRow(lines[first])) while (isRow(lines[end])) end += 1
    const widths: number[] = []
    for (const { cells } of lines.slice(first, end))
      for (const [column, { length }] of cells.entries())
        widths[column] = Math.max(widths[column] ?? 0, Math.min(length, WIDEST))
    let x = 0
    const columns = widths.map((width) => {
      const start = x
      x += width + GUTTER
      return start
    })
    while (first < end) {
      starts.push(columns)
      first += 1
    }
  }
  return starts
}

const tokensOf = (content: string): Token[] => {
  const lines = linesOf(content)
  const starts = startsOf(lines)
  const tokens: Token[] = []
  for (const [row, { cells, offset }] of lines.entries()) {
    let at = offset
    for (const [column, cell] of cells.entries()) {
      for (const { 0: text, index } of cell.matchAll(/[^\s]+/gu)) {
        const box = { x: (starts[row]?.[column] ?? 0) + index, y: row * LINE, width: text.length, height: 1 }
        tokens.push({ index: tokens.length, text, box, span: { offset: at + index, length: text.length } })
      }
      at += cell.length + 1
    }
  }
  return tokens
}

/** A page of a file without a layout, with what it shows of an invoice or a receipt, where the model looks for one. */
export const withDocument = (read: LocallyReadPage, model: LocalModel): LocallyReadPage => {
  if (model !== 'prebuilt-invoice' && model !== 'prebuilt-receipt') return read
  const tokens = tokensOf(read.content)
  if (tokens.length === 0) return read
  const words = tokens.map(({ text, span }) => ({ content: text, span, polygon: [], confidence: 1 }))
  const lowest = tokens.at(-1)?.box.y ?? 0
  const size = { width: tokens.reduce((most, { box }) => Math.max(most, box.x + box.width), 0), height: lowest + LINE }
  const source = { tokens, words, tables: [], rulings: { across: [], down: [] }, scale: scaleOf(tokens), size }
  const document = findDocument(source, model, { page: read.page, turns: 0 })
  return document ? { ...read, parts: { ...read.parts, documents: [document] } } : read
}
