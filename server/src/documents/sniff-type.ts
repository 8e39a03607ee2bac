import { type ContentType, SUPPORTED_TYPES } from '@adp/contract/document.ts'
import { fileTypeFromBuffer } from 'file-type'
import { textKind } from '../extraction/local/text/text-kind.ts'
import { openDocumentType } from './sniff-opendocument.ts'

/** file-type needs no more than this to know any of our types. */
export const SNIFF_BYTES = 4100

const UTF16_MARKS = new Set(['\xff\xfe', '\xfe\xff'])
const TIFF_HEADERS = new Set(['II*\0', 'MM\0*', 'II+\0', 'MM\0+'])

/** What file-type finds in texts: the beginning decides between these, and what of them is shown. */
const TEXTUAL = new Set([
  'application/xml',
  'text/html',
  'application/x-ms-regedit',
  'text/vcard',
  'text/calendar',
  'application/x-subrip',
  'text/vtt',
])

/** What file-type makes of an archive whose first part it takes for one of Office: which it is, its directory says. */
const ARCHIVES = /^application\/(zip|vnd\.(openxmlformats|ms-(word|excel|powerpoint)))/

/**
 * The type of a file by its first bytes, or null when it is none that can be processed. The name plays no part.
 * @param head up to SNIFF_BYTES bytes from the beginning; fewer when the file has no more
 * @returns `archive` and `compound` for files that have to be seen as a whole: see createContainerSniffer
 */
export async function sniffType(head: Buffer): Promise<ContentType | 'archive' | 'compound' | null> {
  // Readers look for a PDF's header in its first 1,024 bytes, since mail gateways and scanners put lines before it
  // (PDF Reference 1.7, appendix H, note 13); file-type looks at the very first only.
  if (head.subarray(0, 1024).includes('%PDF-')) return 'application/pdf'
  // To file-type the mark of UTF-16 is the beginning of an MP3.
  const found = UTF16_MARKS.has(head.toString('latin1', 0, 2)) ? undefined : await fileTypeFromBuffer(head)
  const opendocument = openDocumentType(head)
  if (opendocument) return opendocument
  // file-type wants a TIFF's directory, to tell raw photographs from it; many programs write that behind the pictures.
  if (!found && TIFF_HEADERS.has(head.toString('latin1', 0, 4))) return 'image/tiff'
  if (!found || TEXTUAL.has(found.mime)) return textKind(head, head.length < SNIFF_BYTES)
  if (ARCHIVES.test(found.mime)) return 'archive'
  if (found.mime === 'application/x-cfb') return 'compound'
  // Of a burst or a film of HEIC pictures the primary one is read.
  const mime = found.mime.replace(/^(image\/hei[cf])-sequence$/, '$1')
  return SUPPORTED_TYPES.find((type) => type === mime) ?? null
}
