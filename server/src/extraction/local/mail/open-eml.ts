import { readFile } from 'node:fs/promises'
import PostalMime, { type Address, type Attachment } from 'postal-mime'
import type { OpenFlow } from '../flow/read-flow.ts'
import { decodeText, detectEncoding } from '../text/encoding.ts'
import { type Attached, attachmentsOf } from './attached.ts'
import { mailSource, shownAddress } from './mail-blocks.ts'

/** Bytes of a mail's head; the longest have a tenth of it. */
const LONGEST_HEAD = 200_000

const shown = (addresses: readonly Address[] | undefined): string[] =>
  (addresses ?? []).map(({ name, address, group }) =>
    group ? `${name}: ${shown(group).join(', ')}` : shownAddress(name, address),
  )

/** The head of a mail or of a part of it, whose bytes are as they are read. */
const HEAD_OF_PLAIN_PART = /^(?:(?!.*\b(?:base64|quoted-printable)\b).+\r?\n)+\r?\n/gim

/**
 * A mail is made of bytes below 128 and of what its parts say they are; saved as UTF-16 by a text editor, it would be read as nothing. What
 * such a mail says of the encoding of its plain parts is no longer so.
 */
const withoutUtf16 = (bytes: Buffer): Buffer => {
  if (!detectEncoding(bytes).startsWith('utf-16')) return bytes
  const text = decodeText(bytes).replace(HEAD_OF_PLAIN_PART, (head) => head.replace(/utf-?16(?:[lb]e)?/gi, 'utf-8'))
  return Buffer.from(text)
}

/** "utf-16" is little-endian to those who decode it (WHATWG Encoding, 4.2), whatever the mark at its beginning says: this one is swapped. */
const SWAPPED_MARK = '\ufffe'
const unswapped = (text: string): string =>
  text.startsWith(SWAPPED_MARK) ? Buffer.from(text.slice(1), 'utf16le').swap16().toString('utf16le') : text

const NESTED = 'message/rfc822'

/** What an attachment holds, which is never text here: no encoding is asked for. */
const bytesOf = ({ content }: Attachment): Uint8Array =>
  content instanceof ArrayBuffer ? new Uint8Array(content) : Buffer.from(content)

/** A mail within a mail has no name of a file, but a subject; all that is parsed for it is its head. */
const nestedName = async (bytes: Uint8Array): Promise<string | undefined> => {
  const head = /^[\s\S]*?\r?\n\r?\n/.exec(Buffer.from(bytes.subarray(0, LONGEST_HEAD)).toString('latin1'))?.[0] ?? ''
  const { subject } = await PostalMime.parse(Buffer.from(head, 'latin1'))
  return subject ? `${subject}.eml` : undefined
}

const attachedOf = async (attachment: Attachment): Promise<Attached> => {
  const { filename, mimeType, related = false } = attachment
  const bytes = bytesOf(attachment)
  const name = filename ?? (mimeType === NESTED ? await nestedName(bytes) : undefined)
  return { name, type: mimeType, isShown: related, size: bytes.length, bytes: () => bytes }
}

/** Opens a mail (RFC 5322). What is attached is named, and handed over. */
export const openEml: OpenFlow = async ({ request }) => {
  const bytes = withoutUtf16(await readFile(request.path))
  // Otherwise a mail within it would be taken apart, and its text read as this one's.
  const mail = await PostalMime.parse(bytes, { forceRfc822Attachments: true })
  return mailSource({
    subject: mail.subject ?? '',
    from: shown(mail.from ? [mail.from] : []),
    to: shown(mail.to),
    cc: shown(mail.cc),
    date: mail.headers.find(({ key }) => key === 'date')?.value ?? '',
    html: unswapped(mail.html ?? ''),
    text: unswapped(mail.text ?? ''),
    attachments: attachmentsOf(await Promise.all(mail.attachments.map(attachedOf))),
  })
}
