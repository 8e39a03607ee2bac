import { type Block, type PlacedCell, paragraph, type Role, type TableBlock } from '../flow/blocks.ts'
import type { Archive } from './archive.ts'
import { mathText } from './math.ts'
import { childOf, childrenOf, descendantsOf, elementsOf, textOf, withoutFallback, type XmlElement } from './xml.ts'

/** Text and tables of DrawingML, which Word, Excel and PowerPoint share. */

const runText = (element: XmlElement): string => {
  if (element.name === 'br') return '\n'
  if (element.name === 'oMath' || element.name === 'oMathPara') return mathText(element)
  if (element.name === 'r' || element.name === 'fld') return childrenOf(element, 't').map(textOf).join('')
  return elementsOf(element).flatMap(withoutFallback).map(runText).join('')
}

/** The text of a paragraph, `a:p`. */
export const drawingParagraph = (element: XmlElement): string =>
  elementsOf(element).flatMap(withoutFallback).map(runText).join('')

/** The paragraphs of a shape, those of its groups with them. */
export const drawingTexts = (element: XmlElement | undefined): string[] =>
  [...descendantsOf(element, 'p')].map(drawingParagraph)

const numberOf = (text: string | undefined): number => Number(text ?? 1) || 1

/** A table of a slide, `a:tbl`. */
export const drawingTable = (table: XmlElement): TableBlock => {
  const hasHeader = ['1', 'true'].includes(childOf(table, 'tblPr')?.attributes.firstRow ?? '')
  const cells: PlacedCell[] = []
  for (const [row, tr] of childrenOf(table, 'tr').entries()) {
    for (const [column, { attributes, ...tc }] of childrenOf(tr, 'tc').entries()) {
      if (attributes.hMerge === '1' || attributes.vMerge === '1') continue
      const [rowSpan, columnSpan] = [numberOf(attributes.rowSpan), numberOf(attributes.gridSpan)]
      const text = drawingTexts({ ...tc, attributes }).join('\n')
      cells.push({ row, column, rowSpan, columnSpan, text, heads: hasHeader && row === 0 ? 'column' : undefined })
    }
  }
  return { kind: 'table', cells }
}

type Points = Map<number, string>

const pointsOf = (element: XmlElement | undefined): Points =>
  new Map([...descendantsOf(element, 'pt')].map((point) => [Number(point.attributes.idx), textOf(childOf(point, 'v'))]))

const seriesName = (series: XmlElement): string =>
  [...descendantsOf(childOf(series, 'tx'), 'v', 't')].map(textOf).join(' ')

/** Numbers of a chart are kept with all their digits; nobody writes 0.30000000000000004. */
const shown = (value: string | undefined): string => {
  const number = Number(value)
  return value === undefined || value.trim() === '' || Number.isNaN(number)
    ? (value ?? '')
    : String(Number(number.toPrecision(15)))
}

const chartTable = (series: XmlElement[]): TableBlock => {
  const columns = series.map((each) => ({
    name: seriesName(each),
    labels: pointsOf(childOf(each, 'cat') ?? childOf(each, 'xVal')),
    values: pointsOf(childOf(each, 'val') ?? childOf(each, 'yVal')),
  }))
  const rows = [...new Set(columns.flatMap(({ labels, values }) => [...labels.keys(), ...values.keys()]))].sort(
    (a, b) => a - b,
  )
  const cell = (row: number, column: number, text: string, heads?: 'column' | 'row'): PlacedCell => ({
    row,
    column,
    rowSpan: 1,
    columnSpan: 1,
    text,
    heads,
  })
  const label = (index: number) =>
    shown(columns.map(({ labels }) => labels.get(index)).find((text) => text !== undefined))
  return {
    kind: 'table',
    cells: [
      ...['', ...columns.map(({ name }) => name)].map((name, column) => cell(0, column, name, 'column')),
      ...rows.flatMap((index, row) => [
        cell(row + 1, 0, label(index), 'row'),
        ...columns.map(({ values }, column) => cell(row + 1, column + 1, shown(values.get(index)))),
      ]),
    ],
  }
}

/** What a chart says: its titles, and its numbers as a table. */
export const chartBlocks = (part: XmlElement | undefined): Block[] => {
  const titles = [...descendantsOf(part, 'title')].map((title) =>
    [...drawingTexts(title), ...[...descendantsOf(title, 'v')].map(textOf)].join('\n'),
  )
  const series = [...descendantsOf(part, 'ser')]
  return [...titles.map((title) => paragraph(title)), ...(series.length > 0 ? [chartTable(series)] : [])]
}

/** The words of a diagram (SmartArt), in the order of its data. */
export const diagramBlocks = (part: XmlElement | undefined): Block[] =>
  [...descendantsOf(part, 't')].map((text) => paragraph(drawingTexts(text).join('\n')))

/** A picture that is in the file; a drawing of Windows (EMF, WMF) is none that can be read. */
export const pictureBlocks = (archive: Archive, part: string): Block[] => {
  if (!archive.has(part) || /\.[ew]mf$/i.test(part)) return []
  const bytes = async () => {
    const found = await archive.read(part)
    if (!found) throw new Error(`There is no ${part}`)
    return found
  }
  return [{ kind: 'picture', bytes }]
}

/** Marks a list's paragraph: its number where it is counted, a dash where it has a bullet. */
export const bulletOf = (properties: XmlElement | undefined, count: number): string => {
  if (childOf(properties, 'buAutoNum')) return `${count}. `
  return childOf(properties, 'buChar') || childOf(properties, 'buBlip') ? '- ' : ''
}

export const asParagraphs = (texts: string[], role?: Role): Block[] => texts.map((text) => paragraph(text, role))
