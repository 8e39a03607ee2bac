import type { ContentType } from '@adp/contract/document.ts'

const ODF = 'application/vnd.oasis.opendocument'

/** An archive's first entry is its type, stored as it is (ODF 1.3, part 2, 3.3): a name of 8 letters behind 30 bytes. */
const IN_ARCHIVE = /^PK[\s\S]{28}mimetypeapplication\/vnd\.oasis\.opendocument\.([a-z]+)(-[a-z-]+)?PK/
/** The same in one XML, "flat". */
const FLAT =
  /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>\s*<office:document\s[^>]*\soffice:mimetype="application\/vnd\.oasis\.opendocument\.([a-z]+)(-[a-z-]+)?"/

const KINDS: Record<string, ContentType> = {
  text: `${ODF}.text`,
  spreadsheet: `${ODF}.spreadsheet`,
  presentation: `${ODF}.presentation`,
  // Drawings are pages of shapes, as slides are.
  graphics: `${ODF}.presentation`,
}

/** The type of a file of OpenDocument by its first bytes; templates, and texts for the web, are what they are templates of. */
export const openDocumentType = (head: Buffer): ContentType | null => {
  const text = head.toString('latin1')
  const [, kind = ''] = IN_ARCHIVE.exec(text) ?? FLAT.exec(text) ?? []
  return KINDS[kind] ?? null
}
