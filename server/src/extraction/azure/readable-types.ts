import type { ContentType } from '@adp/contract/document.ts'
import { ExtractionError } from '../extractor.ts'

/**
 * Of the types that we take, those that Azure Document Intelligence reads as well (learn.microsoft.com/azure/ai-services/document-intelligence,
 * "Input requirements": PDF, JPEG, PNG, BMP, TIFF, HEIF, and Office and HTML files with some models). Office and HTML are not sent: what they
 * say is in the files, exactly and for nothing, and how many pages the service makes of one, and bills, cannot be known before.
 */
const READABLE: ReadonlySet<ContentType> = new Set([
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/tiff',
  'image/bmp',
  'image/heic',
  'image/heif',
])

/** What the service calls a type: HEIC is HEIF with one of its codecs. */
export const azureTypeOf = (contentType: ContentType): string =>
  contentType === 'image/heic' ? 'image/heif' : contentType

export const isReadable = (contentType: ContentType): boolean => READABLE.has(contentType)

/**
 * Refuses what the service would call corrupt, before anything is sent. It is not made into a PNG: that would have to happen where files
 * are parsed, in a child process, for a type that the local engine reads.
 * @throws ExtractionError unsupported_by_provider
 */
export function requireReadable(contentType: ContentType): void {
  if (isReadable(contentType)) return
  throw new ExtractionError('unsupported_by_provider', `Azure Document Intelligence reads no ${contentType}.`)
}
