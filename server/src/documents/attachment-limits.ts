import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import type { AttachmentLimit } from '@adp/contract/document.ts'
import type { MailFamily } from './mail-family.ts'

/** Nobody attaches so many files to a mail by hand; programs that send invoices attach some 200. */
const MOST_OF_MAIL = 500
/** All that one upload may become, mails within mails and what is attached to them. Workers that are at it at once may each add one more. */
const MOST_OF_UPLOAD = 1_000
/** A mail that was forwarded as an attachment four times. */
const DEEPEST = 4
/** Files are in a mail one after another, most of them a third larger than they are. What has more than this together says the same bytes twice. */
const MOST_BYTES = (mailBytes: number): number => 2 * mailBytes + 1_000_000

const MESSAGES: Record<AttachmentLimit, string> = {
  too_many_attachments: `a mail may bring ${MOST_OF_MAIL} documents, and with the mails in it ${MOST_OF_UPLOAD}`,
  attachments_too_deep: `it came in a mail in a mail, and so on, ${DEEPEST} times`,
  attachments_too_large: 'together they are larger than the mail that they came in',
}

/** Which limit another attachment of a mail would exceed, null when none. */
export const exceededLimit = (family: MailFamily, bytes: number, mailBytes: number): AttachmentLimit | null => {
  if (family.depth >= DEEPEST) return 'attachments_too_deep'
  if (family.attached >= MOST_OF_MAIL || family.members >= MOST_OF_UPLOAD) return 'too_many_attachments'
  return family.bytes + bytes > MOST_BYTES(mailBytes) ? 'attachments_too_large' : null
}

const MOST_NAMES = 10

/** A warning for each limit that was met, with the names of what was left out. */
export const warningsOf = (
  leftOut: readonly { name: string; limit: AttachmentLimit }[],
): NonNullable<ResultHeader['warnings']> =>
  [...Map.groupBy(leftOut, ({ limit }) => limit)].map(([code, files]) => {
    const names = files.slice(0, MOST_NAMES).map(({ name }) => name.slice(0, 255))
    const others = files.length > MOST_NAMES ? ` and ${files.length - MOST_NAMES} more` : ''
    const message = `${files.length} attached files are named only and were not read, since ${MESSAGES[code]}: ${names.join(', ')}${others}`
    return { code, message }
  })
