import { readFile } from 'node:fs/promises'
import PostalMime, { type Address } from 'postal-mime'
import type { OpenFlow } from '../flow/read-flow.ts'
import { decodeText, detectEncoding } from '../text/encoding.ts'
import { mailBlocks, shownAddress } from './mail-blocks.ts'

const shown = (addresses: readonly Address[] | undefined): string[] =>
  (addresses ?? []).map(({ name, address, group }) =>
    group ? `${name}: ${shown(group).join(', ')}` : shownAddress(name, address),
  )

/** A mail is made of bytes below 128 and of what its parts say they are; saved as UTF-16 by a text editor, it would be read as nothing. */
const withoutUtf16 = (bytes: Buffer): Buffer =>
  detectEncoding(bytes).startsWith('utf-16') ? Buffer.from(decodeText(bytes)) : bytes

/** Opens a mail (RFC 5322): what is attached is named. */
export const openEml: OpenFlow = async ({ request }) => {
  const mail = await PostalMime.parse(withoutUtf16(await readFile(request.path)))
  const found = {
    subject: mail.subject ?? '',
    from: shown(mail.from ? [mail.from] : []),
    to: shown(mail.to),
    cc: shown(mail.cc),
    date: mail.headers.find(({ key }) => key === 'date')?.value ?? '',
    html: mail.html ?? '',
    text: mail.text ?? '',
    // Pictures that the body shows are part of it.
    attachments: mail.attachments
      .filter(({ related }) => !related)
      .map(({ filename, mimeType }) => filename ?? mimeType),
  }
  return { blocks: () => mailBlocks(found) }
}
