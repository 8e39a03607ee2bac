import { SaxesParser } from 'saxes'
import type { Box, QuarterTurns } from './geometry.ts'
import type { FoundLine, FoundWord } from './layout.ts'

/** Tesseract's names for what is a line to us: most are told apart by their size and place only. */
const LINES = new Set(['ocr_line', 'ocr_header', 'ocr_caption', 'ocr_textfloat'])
const WORD = 'ocrx_word'

/** "bbox 10 20 30 40; baseline 0.01 -5; x_wconf 96": properties by name. */
const propertiesOf = (title = ''): Map<string, number[]> =>
  new Map(
    title.split(';').map((property) => {
      const [name = '', ...values] = property.trim().split(/\s+/)
      return [name, values.map(Number)]
    }),
  )

const boxOf = (properties: Map<string, number[]>): Box => {
  const [left = 0, top = 0, right = 0, bottom = 0] = properties.get('bbox') ?? []
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The slope of a line that runs down or up the page is steep, or infinite and left out. Which way, the order of its words says. */
const turnsOf = (properties: Map<string, number[]>, words: FoundWord[]): QuarterTurns => {
  const { width, height } = boxOf(properties)
  const [slope = Number.POSITIVE_INFINITY] = properties.get('baseline') ?? []
  if (Math.abs(slope) <= 1 || height <= width) return 0
  const [first, last] = [words[0], words.at(-1)]
  return first && last && first.box.y > last.box.y ? 3 : 1
}

/** The lines of Tesseract's hOCR: words with boxes in pixels, and confidence from 0 to 1. Throws an Error when it is no XML. */
export const linesOfHocr = (hocr: string): FoundLine[] => {
  const lines: FoundLine[] = []
  const open: string[] = []
  let line: { properties: Map<string, number[]>; words: FoundWord[] } | null = null
  let word: FoundWord | null = null
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ attributes }) => {
    const kind = attributes.class ?? ''
    open.push(kind)
    if (LINES.has(kind)) line = { properties: propertiesOf(attributes.title), words: [] }
    if (kind !== WORD) return
    const properties = propertiesOf(attributes.title)
    word = { text: '', box: boxOf(properties), confidence: (properties.get('x_wconf')?.[0] ?? 0) / 100 }
  })
  parser.on('text', (text) => {
    if (word) word.text += text
  })
  parser.on('closetag', () => {
    const kind = open.pop() ?? ''
    if (kind === WORD && word) {
      line?.words.push(word)
      word = null
    }
    if (!LINES.has(kind) || !line) return
    lines.push({ turns: turnsOf(line.properties, line.words), words: line.words })
    line = null
  })
  parser.write(hocr).close()
  return lines
}
