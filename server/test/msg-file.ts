import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js'

type Msg = {
  subject: string
  body: string
  html?: string
  from: [name: string, address: string]
  to: [name: string, address: string]
  attachments?: string[]
}

/** Numbers of properties (MS-OXPROPS) with their type: text in UTF-16, or bytes. */
const SUBJECT = '0037001F'
const SENDER_NAME = '0C1A001F'
const SENDER_SMTP = '5D01001F'
const BODY = '1000001F'
const HTML = '10130102'
const DISPLAY_NAME = '3001001F'
const SMTP_ADDRESS = '39FE001F'
const LONG_FILENAME = '3707001F'

const ROOT = 5
const FOLDER = 1
const STREAM = 2

type Node = { name: string; bytes?: Buffer; children?: Node[] }

const text = (property: string, value: string): Node => ({
  name: `__substg1.0_${property}`,
  bytes: Buffer.from(value, 'utf16le'),
})

/** The fixed part of a storage's properties, of none. */
const properties = (headerBytes: number): Node => ({
  name: '__properties_version1.0',
  bytes: Buffer.alloc(headerBytes),
})

const flatten = (root: Node): Entry[] => {
  const entries: Entry[] = []
  const add = ({ name, bytes, children }: Node): number => {
    const at = entries.length
    const entry: Entry = { name, type: at === 0 ? ROOT : children ? FOLDER : STREAM, length: bytes?.length ?? 0 }
    // A copy: it looks at the memory behind the bytes, which small buffers share.
    if (bytes) entry.binaryProvider = () => new Uint8Array(bytes)
    entries.push(entry)
    if (children) entry.children = children.map(add)
    return at
  }
  add(root)
  return entries
}

/** A mail of Outlook (MS-OXMSG), as small as one can be. */
export const msgFile = ({ subject, body, html, from, to, attachments = [] }: Msg): Buffer => {
  const recipient = [properties(8), text(DISPLAY_NAME, to[0]), text(SMTP_ADDRESS, to[1])]
  const children = [
    properties(32),
    text(SUBJECT, subject),
    text(BODY, body),
    text(SENDER_NAME, from[0]),
    text(SENDER_SMTP, from[1]),
    ...(html === undefined ? [] : [{ name: `__substg1.0_${HTML}`, bytes: Buffer.from(html) }]),
    { name: '__recip_version1.0_#00000000', children: recipient },
    ...attachments.map((name, index) => ({
      name: `__attach_version1.0_#${String(index).padStart(8, '0')}`,
      children: [properties(8), text(LONG_FILENAME, name)],
    })),
  ]
  return Buffer.from(burn(flatten({ name: 'Root Entry', children })))
}
