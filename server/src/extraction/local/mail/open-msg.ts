import { readFile } from 'node:fs/promises'
import msgreader, { type FieldsData } from '@kenjiuno/msgreader'
import { ExtractionError } from '../../extractor.ts'
import type { OpenFlow } from '../flow/read-flow.ts'
import { decodeHtml } from '../html/open-html.ts'
import { mailBlocks, shownAddress } from './mail-blocks.ts'

const recipients = ({ recipients = [] }: FieldsData, type: 'to' | 'cc'): string[] =>
  recipients
    .filter(({ recipType = 'to' }) => recipType === type)
    .map(({ name, smtpAddress, email }) => shownAddress(name, smtpAddress ?? email))

const htmlOf = ({ bodyHtml, html }: FieldsData): string => bodyHtml ?? (html ? decodeHtml(Buffer.from(html)) : '')

/** Opens a mail of Outlook (MS-OXMSG): what is attached is named. */
export const openMsg: OpenFlow = async ({ request }) => {
  const file = await readFile(request.path)
  const mail = new msgreader.default(new Uint8Array(file).buffer).getFileData()
  if (mail.error) throw new ExtractionError('file_corrupt', mail.error)
  const found = {
    subject: mail.subject ?? '',
    from: [shownAddress(mail.senderName, mail.senderSmtpAddress ?? mail.senderEmail)],
    to: recipients(mail, 'to'),
    cc: recipients(mail, 'cc'),
    date: mail.clientSubmitTime ?? mail.messageDeliveryTime ?? '',
    html: htmlOf(mail),
    text: mail.body ?? '',
    attachments: (mail.attachments ?? [])
      .filter(({ attachmentHidden }) => !attachmentHidden)
      .map(({ fileName, fileNameShort, name }) => fileName ?? fileNameShort ?? name ?? ''),
  }
  return { blocks: () => mailBlocks(found) }
}
