import { ExtractionError } from '../extractor.ts'

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** True for what goes wrong with one page and leaves the rest of the document readable. */
export const concernsOnePage = (error: unknown): boolean =>
  !(error instanceof ExtractionError) || ['page_timeout', 'file_corrupt', 'image_too_large'].includes(error.code)

/** What LiteParse's messages mean: it has no codes, every one begins with "PDF error:". */
export const pdfFailure = (error: unknown): ExtractionError => {
  if (error instanceof ExtractionError) return error
  const message = messageOf(error)
  if (/password/i.test(message)) return new ExtractionError('file_encrypted', message, { cause: error })
  if (/^PDF error|invalid PDF|corrupt/i.test(message))
    return new ExtractionError('file_corrupt', message, { cause: error })
  return new ExtractionError('internal_error', message, { cause: error })
}

/** What the messages of sharp and libvips mean. A file that is not there, a full disk, or Tesseract's failure, says nothing against the picture. */
export const pictureFailure = (error: unknown): ExtractionError => {
  if (error instanceof ExtractionError) return error
  const message = messageOf(error)
  if (/pixel limit|exceeds.*dimension|too large/i.test(message))
    return new ExtractionError('image_too_large', message, { cause: error })
  if (/^Tesseract|ENOENT|ENOSPC|no space left on device|Input file is missing|unable to open for read/i.test(message))
    return new ExtractionError('internal_error', message, { cause: error })
  return new ExtractionError('file_corrupt', message, { cause: error })
}

/** What a call to the system threw, as for a file that is not there or a full disk: it says nothing against the file. */
const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error

/** What parsers throw at a file that is not what it claims to be. One that nests too deeply exhausts the stack. */
export const flowFailure = (error: unknown): ExtractionError => {
  if (error instanceof ExtractionError) return error
  if (isOfSystem(error)) return new ExtractionError('internal_error', messageOf(error), { cause: error })
  const message =
    error instanceof RangeError && /call stack/.test(error.message) ? 'The file nests too deeply' : messageOf(error)
  return new ExtractionError('file_corrupt', message, { cause: error })
}
