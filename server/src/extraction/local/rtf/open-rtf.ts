import { readFile } from 'node:fs/promises'
import { ExtractionError } from '../../extractor.ts'
import type { OpenFlow } from '../flow/read-flow.ts'
import { rtfBlocks } from './rtf-blocks.ts'

/** Opens a file of RTF. */
export const openRtf: OpenFlow = async ({ request }) => {
  const source = await readFile(request.path, 'latin1')
  if (!source.startsWith('{\\rtf')) throw new ExtractionError('file_corrupt', 'The file does not begin as RTF')
  return { blocks: () => rtfBlocks(source) }
}
