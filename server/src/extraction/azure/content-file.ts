import { type FileHandle, open } from 'node:fs/promises'

/** A document's text in a file, two bytes for each UTF-16 code unit, so that any part of it is found by its offset. */
export type ContentFile = {
  append(text: string): Promise<void>
  /** UTF-16 code units. */
  length(): number
  /** @param offset and length in UTF-16 code units; what is beyond the end is left out */
  slice(offset: number, length: number): Promise<string>
  close(): Promise<void>
}

export async function createContentFile(path: string): Promise<ContentFile> {
  const handle: FileHandle = await open(path, 'w+')
  let units = 0
  return {
    async append(text) {
      await handle.write(Buffer.from(text, 'utf16le'))
      units += text.length
    },
    length: () => units,
    async slice(offset, length) {
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, units - offset)) * 2)
      if (buffer.length > 0) await handle.read(buffer, 0, buffer.length, offset * 2)
      return buffer.toString('utf16le')
    },
    close: () => handle.close(),
  }
}
