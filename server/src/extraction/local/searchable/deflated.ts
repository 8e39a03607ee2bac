import { deflateSync } from 'node:zlib'
import type { PDFContext, PDFRawStream } from '@cantoo/pdf-lib'

/** A compressed stream: pdf-lib's own way is in JavaScript, and takes ten times as long. */
export const deflated = (
  context: PDFContext,
  content: string | Buffer,
  dict: Record<string, number> = {},
): PDFRawStream => context.stream(deflateSync(content), { ...dict, Filter: 'FlateDecode' })
