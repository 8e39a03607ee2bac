import type { ContentType } from '@adp/contract/document.ts'

/** The directory of an archive is at its end. Of more names than fit in here, the last ones are looked at. */
const TAIL_BYTES = 1_000_000

/** Names in a compound file, as they stand in its directory: anywhere in the file, in UTF-16. */
const NAMES = ['EncryptedPackage', '__properties_version1.0', 'WordDocument'] as const
type Name = (typeof NAMES)[number]
const LONGEST_NAME = 2 * Math.max(...NAMES.map((name) => name.length))

const inUtf16 = (name: string): Buffer => Buffer.from(name, 'utf16le')

/** An entry of an archive's directory (APPNOTE.TXT, 4.3.12): its name comes 46 bytes behind its mark. */
const ENTRY = Buffer.from('PK\x01\x02', 'latin1')
const NAME_AT = 46

function* namesIn(tail: Buffer): Generator<string> {
  for (let at = tail.indexOf(ENTRY); at >= 0 && at + NAME_AT <= tail.length; at = tail.indexOf(ENTRY, at + NAME_AT)) {
    const length = tail.readUInt16LE(at + 28)
    yield tail.toString('utf8', at + NAME_AT, at + NAME_AT + length)
  }
}

const OOXML = 'application/vnd.openxmlformats-officedocument'

/** What an archive is by the names of its parts; null when it is no Office file. */
const archiveType = (tail: Buffer): ContentType | null => {
  const names = new Set(namesIn(tail))
  if (!names.has('[Content_Types].xml')) return null
  const has = (folder: string) => [...names].some((name) => name.startsWith(folder))
  if (has('word/')) return `${OOXML}.wordprocessingml.document`
  if (has('ppt/')) return `${OOXML}.presentationml.presentation`
  // XLSB, whose parts are no XML.
  if (!has('xl/') || names.has('xl/workbook.bin')) return null
  return names.has('xl/vbaProject.bin')
    ? 'application/vnd.ms-excel.sheet.macroenabled.12'
    : `${OOXML}.spreadsheetml.sheet`
}

/**
 * A mail of Outlook has its properties in a stream of its own. Whatever is attached to it is in it as it is, names and all: an old DOC, or an
 * Office file with a password.
 */
const compoundType = (found: ReadonlySet<Name>): ContentType | null => {
  if (found.has('__properties_version1.0')) return 'application/vnd.ms-outlook'
  return found.has('EncryptedPackage') && !found.has('WordDocument') ? 'application/x-tika-ooxml-protected' : null
}

export type ContainerSniffer = {
  add(chunk: Buffer): void
  /** To be asked at the end: the type, or null when it is none that can be processed. */
  type(): ContentType | null
}

/** Recognises archives and compound files, whose beginning does not say what they are, as they pass by. */
export const createContainerSniffer = (kind: 'archive' | 'compound'): ContainerSniffer => {
  const chunks: Buffer[] = []
  let kept = 0
  const found = new Set<Name>()
  const keep = kind === 'archive' ? TAIL_BYTES : LONGEST_NAME
  return {
    add(chunk) {
      chunks.push(chunk)
      kept += chunk.length
      if (kind === 'compound') {
        const together = Buffer.concat(chunks)
        for (const name of NAMES) if (together.includes(inUtf16(name))) found.add(name)
      }
      while (kept - (chunks[0]?.length ?? 0) >= keep) kept -= chunks.shift()?.length ?? 0
    },
    type: () => (kind === 'archive' ? archiveType(Buffer.concat(chunks)) : compoundType(found)),
  }
}
