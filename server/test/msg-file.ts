import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js'

type Attached = { bytes?: Buffer; hidden?: boolean; mail?: Msg }

export type Msg = {
  subject: string
  body: string
  html?: string
  from: [name: string, address: string]
  to: [name: string, address: string]
  /** By their names; with bytes or without. */
  attachments?: Record<string, Attached>
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
const ATTACH_DATA = '37010102'
const ATTACH_MAIL = '3701000D'
const ATTACH_METHOD = 0x37050003
const ATTACHMENT_HIDDEN = 0x7ffe000b

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

/** What has a fixed length stands among the properties themselves (MS-OXMSG 2.4.2.1). */
const fixedProperties = (values: [tag: number, value: number][]): Node => {
  const bytes = Buffer.alloc(8 + 16 * values.length)
  for (const [index, [tag, value]] of values.entries()) {
    bytes.writeUInt32LE(tag, 8 + 16 * index)
    bytes.writeUInt32LE(6, 12 + 16 * index)
    bytes.writeUInt32LE(value, 16 + 16 * index)
  }
  return { name: '__properties_version1.0', bytes }
}

const BY_VALUE = 1
const EMBEDDED_MAIL = 5

const attachment = ([name, { bytes, hidden, mail }]: [string, Attached], index: number): Node => ({
  name: `__attach_version1.0_#${String(index).padStart(8, '0')}`,
  children: [
    fixedProperties([
      [ATTACH_METHOD, mail ? EMBEDDED_MAIL : BY_VALUE],
      ...(hidden ? [[ATTACHMENT_HIDDEN, 1] as [number, number]] : []),
    ]),
    text(LONG_FILENAME, name),
    ...(mail ? [text(DISPLAY_NAME, name), { name: `__substg1.0_${ATTACH_MAIL}`, children: partsOf(mail, 24) }] : []),
    ...(bytes ? [{ name: `__substg1.0_${ATTACH_DATA}`, bytes }] : []),
  ],
})

const partsOf = ({ subject, body, html, from, to, attachments = {} }: Msg, headerBytes: number): Node[] => {
  const recipient = [properties(8), text(DISPLAY_NAME, to[0]), text(SMTP_ADDRESS, to[1])]
  return [
    properties(headerBytes),
    text(SUBJECT, subject),
    text(BODY, body),
    text(SENDER_NAME, from[0]),
    text(SENDER_SMTP, from[1]),
    ...(html === undefined ? [] : [{ name: `__substg1.0_${HTML}`, bytes: Buffer.from(html) }]),
    { name: '__recip_version1.0_#00000000', children: recipient },
    ...Object.entries(attachments).map(attachment),
  ]
}

/** A mail of Outlook (MS-OXMSG), as small as one can be. */
export const msgFile = (mail: Msg): Buffer =>
  Buffer.from(burn(flatten({ name: 'Root Entry', children: partsOf(mail, 32) })))
