import type { DocumentSpanOutput } from '@azure-rest/ai-document-intelligence'
import type { StringIndexType } from './analyze-options.ts'

const graphemes = new Intl.Segmenter()

/** The length of a text, in each of the units the service counts in. */
export const lengthIn: Record<StringIndexType, (text: string) => number> = {
  textElements: (text) => [...graphemes.segment(text)].length,
  unicodeCodePoint: (text) => [...text].length,
  utf16CodeUnit: (text) => text.length,
}

export type Written = { content: string; span: DocumentSpanOutput }

export type TextWriter = {
  readonly content: string
  /** Where the next text begins. */
  readonly offset: number
  write(text: string): Written
  /** Words with spaces between. */
  words(words: string[]): { line: Written; words: Written[] }
  /** From an earlier offset to here. */
  since(offset: number): DocumentSpanOutput
}

/** Puts a result's content together. Every text must begin and end with whole text elements, so that lengths add up. */
export function createTextWriter(unit: StringIndexType): TextWriter {
  let content = ''
  let offset = 0
  const write = (text: string): Written => {
    const span = { offset, length: lengthIn[unit](text) }
    content += text
    offset += span.length
    return { content: text, span }
  }
  const since = (from: number) => ({ offset: from, length: offset - from })
  return {
    get content() {
      return content
    },
    get offset() {
      return offset
    },
    write,
    since,
    words(words) {
      const from = offset
      const written = words.map((word, index) => {
        if (index > 0) write(' ')
        return write(word)
      })
      return { line: { content: words.join(' '), span: since(from) }, words: written }
    },
  }
}
