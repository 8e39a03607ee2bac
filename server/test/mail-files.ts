/** A file to attach; with `cid` the body shows it. */
export type AttachedFile = { name?: string; type?: string; bytes: Buffer; cid?: string }

type Eml = { subject?: string; html?: string; attached?: AttachedFile[] }

const EIGHT_BIT = 'message/rfc822'

const part = ({ name, type = 'application/octet-stream', bytes, cid }: AttachedFile): Buffer[] => {
  const named = name === undefined ? '' : `; filename="${name}"`
  // What is within a mail may be encoded, the mail itself may not (RFC 2046, 5.2.1).
  const isMail = type === EIGHT_BIT
  const head = [
    `Content-Type: ${type}`,
    `Content-Disposition: ${cid === undefined ? 'attachment' : 'inline'}${named}`,
    ...(cid === undefined ? [] : [`Content-ID: <${cid}>`]),
    ...(isMail ? [] : ['Content-Transfer-Encoding: base64']),
  ]
  const body = isMail ? bytes : Buffer.from(bytes.toString('base64').replace(/.{76}/g, '$&\r\n'))
  return [Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]
}

let boundaries = 0

/** A mail with files attached to it. */
export const emlFile = ({ subject = 'A mail', html = '<p>Hello</p>', attached = [] }: Eml): Buffer => {
  boundaries += 1
  const boundary = `boundary-${boundaries}`
  const head = `From: ana@example.com\r\nTo: bob@example.com\r\nSubject: ${subject}\r\nContent-Type: multipart/related; boundary="${boundary}"\r\n\r\n`
  const body = [Buffer.from(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`)]
  const parts = [body, ...attached.map(part)].flatMap((bytes) => [Buffer.from(`\r\n--${boundary}\r\n`), ...bytes])
  return Buffer.concat([Buffer.from(head), ...parts, Buffer.from(`\r\n--${boundary}--\r\n`)])
}

/** A mail within a mail, so many times over, with a file in the innermost. */
export const nestedEml = (levels: number, innermost: AttachedFile): Buffer => {
  const attached = levels === 0 ? innermost : { type: EIGHT_BIT, bytes: nestedEml(levels - 1, innermost) }
  return emlFile({ subject: `Level ${levels}`, attached: [attached] })
}
