import { readFile } from 'node:fs/promises'
import { type Block, paragraph } from '../flow/blocks.ts'
import type { FlowSource, OpenFlow } from '../flow/read-flow.ts'
import { decodePieces } from './encoding.ts'

/** Paragraphs lie between empty lines; a form feed ends a page. A file without empty lines is one paragraph, which is cut where it has to be. */
const LONGEST = 100_000

const BREAK = /\n[ \t]*\n|\f/

function* blocksOf(bytes: Buffer): Generator<Block> {
  let rest = ''
  for (const piece of decodePieces(bytes)) {
    rest = (rest + piece).replace(/\r\n/g, '\n')
    for (let match = BREAK.exec(rest); match; match = BREAK.exec(rest)) {
      yield paragraph(rest.slice(0, match.index))
      if (match[0] === '\f') yield { kind: 'pageBreak' }
      rest = rest.slice(match.index + match[0].length)
    }
    if (rest.length > LONGEST) {
      yield paragraph(rest)
      rest = ''
    }
  }
  yield paragraph(rest)
}

/** Opens a plain text: paragraphs as they stand, with their lines and blanks. */
export const openText: OpenFlow = async ({ request }): Promise<FlowSource> => {
  const bytes = await readFile(request.path)
  return { blocks: () => blocksOf(bytes), separator: '\n\n' }
}
