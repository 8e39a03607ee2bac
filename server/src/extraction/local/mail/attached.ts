import type { FlowAttachment } from '../flow/read-flow.ts'

/**
 * Logos and icons of signatures have some 1 to 50 KB; a scan or a photograph that somebody has pasted into a mail, sharp enough to be read,
 * has more than this.
 */
const SMALLEST_SHOWN_PICTURE = 100_000

/** A file that came with a mail. */
export type Attached = {
  name: string | undefined
  /** Its MIME type, as the mail says. */
  type: string
  /** Whether the body shows it. */
  isShown: boolean
  size: number
  bytes(): Uint8Array
}

/** Whether somebody attached it. What the body shows is part of the body, unless it is a picture as large as a page. */
const isAttachment = ({ isShown, type, size }: Attached): boolean =>
  !isShown || (type.startsWith('image/') && size >= SMALLEST_SHOWN_PICTURE)

/** What proves who wrote a mail says nothing to a reader: it is named, and has no bytes here. */
const SIGNATURES = new Set([
  'application/pgp-signature',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
])

const NO_BYTES = () => new Uint8Array()

/** A part without a name is called by its type: `image/png`, which as the name of a file is `image.png`. */
export const attachmentsOf = (attached: readonly Attached[]): FlowAttachment[] =>
  attached.filter(isAttachment).map(({ name, type, bytes }) => ({
    name: name || type.replace('/', '.'),
    bytes: SIGNATURES.has(type) ? NO_BYTES : bytes,
  }))
