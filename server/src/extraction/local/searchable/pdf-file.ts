import { open } from 'node:fs/promises'
import { PDFContext, type PDFObject, type PDFRef } from '@cantoo/pdf-lib'

/** A PDF that is written object by object: pdf-lib keeps all of a file in memory until its end, pictures included. */
export type PdfFile = {
  context: PDFContext
  /** A number for an object that is written later. */
  reserve(): PDFRef
  write(object: PDFObject, ref?: PDFRef): Promise<PDFRef>
  /** Writes the table of objects. @param catalog which is written */
  end(catalog: PDFRef): Promise<void>
  close(): Promise<void>
}

/** The comment tells programs that the file is binary (ISO 32000-1, 7.5.2). */
const HEADER = Buffer.concat([Buffer.from('%PDF-1.7\n%'), Buffer.from([0xe2, 0xe3, 0xcf, 0xd3]), Buffer.from('\n')])

const bytesOf = (object: PDFObject): Uint8Array => {
  const bytes = new Uint8Array(object.sizeInBytes())
  object.copyBytesInto(bytes, 0)
  return bytes
}

/** Begins a file at `path`. */
export const createPdfFile = async (path: string): Promise<PdfFile> => {
  const handle = await open(path, 'w')
  const context = PDFContext.create()
  const offsets: number[] = []
  let size = 0
  const append = async (bytes: Uint8Array | string) => {
    const buffer = Buffer.from(bytes)
    await handle.appendFile(buffer)
    size += buffer.length
  }
  await append(HEADER)
  return {
    context,
    reserve: () => context.nextRef(),
    async write(object, ref = context.nextRef()) {
      offsets[ref.objectNumber] = size
      await append(`${ref.objectNumber} 0 obj\n`)
      await append(bytesOf(object))
      await append('\nendobj\n')
      return ref
    },
    async end(catalog) {
      const [start, count] = [size, context.largestObjectNumber + 1]
      const entries = Array.from({ length: count - 1 }, (_, at) => offsets[at + 1]).map((offset) =>
        offset === undefined ? '0000000000 65535 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`,
      )
      await append(`xref\n0 ${count}\n0000000000 65535 f \n${entries.join('')}`)
      await append(`trailer\n<< /Size ${count} /Root ${catalog} >>\nstartxref\n${start}\n%%EOF\n`)
    },
    close: () => handle.close(),
  }
}
