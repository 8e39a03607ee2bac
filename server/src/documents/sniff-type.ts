import { type ContentType, SUPPORTED_TYPES } from '@adp/contract/document.ts'
import { fileTypeFromBuffer } from 'file-type'

/** file-type needs no more than this to know any of our types. */
export const SNIFF_BYTES = 4100

/**
 * The type of a file by its first bytes, or null when it is none that can be processed. The name plays no part.
 * @param head up to SNIFF_BYTES bytes from the beginning
 */
export async function sniffType(head: Buffer): Promise<ContentType | null> {
  // Readers look for a PDF's header in its first 1,024 bytes, since mail gateways and scanners put lines before it
  // (PDF Reference 1.7, appendix H, note 13); file-type looks at the very first only.
  if (head.subarray(0, 1024).includes('%PDF-')) return 'application/pdf'
  const found = await fileTypeFromBuffer(head)
  return SUPPORTED_TYPES.find((type) => type === found?.mime) ?? null
}
