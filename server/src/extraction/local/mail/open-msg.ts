import { readFile } from 'node:fs/promises'
import msgreader, { type FieldsData } from '@kenjiuno/msgreader'
import { ExtractionError } from '../../extractor.ts'
import type { OpenFlow } from '../flow/read-flow.ts'
import { decodeHtml } from '../html/open-html.ts'
import { type Attached, attachmentsOf } from './attached.ts'
import { mailSource, shownAddress } from './mail-blocks.ts'

type Reader = InstanceType<typeof msgreader.default>

const isPicture = (name = ''): boolean => /\.(png|jpe?g|gif|bmp|webp|tiff?)$/i.test(name)

const recipients = ({ recipients = [] }: FieldsData, type: 'to' | 'cc'): string[] =>
  recipients
    .filter(({ recipType = 'to' }) => recipType === type)
    .map(({ name, smtpAddress, email }) => shownAddress(name, smtpAddress ?? email))

const htmlOf = ({ bodyHtml, html }: FieldsData): string => bodyHtml ?? (html ? decodeHtml(Buffer.from(html)) : '')

/** A mail within a mail is made into a file of its own; what is attached by a link to somewhere else has no bytes. */
const attachedOf = (attachment: FieldsData, reader: Reader): Attached => {
  const { fileName, fileNameShort, name, innerMsgContent, innerMsgContentFields } = attachment
  const { attachmentHidden = false, attachMimeTag = '', contentLength = 0 } = attachment
  const isNested = innerMsgContent === true
  const nested = isNested ? `${innerMsgContentFields?.subject || name || 'mail'}.msg` : undefined
  const hasBytes = isNested || attachment.dataId !== undefined
  return {
    name: nested ?? fileName ?? fileNameShort ?? name,
    type: attachMimeTag || (isPicture(fileName ?? fileNameShort) ? 'image/*' : 'application/octet-stream'),
    isShown: attachmentHidden,
    size: contentLength,
    bytes: () => (hasBytes ? reader.getAttachment(attachment).content : new Uint8Array()),
  }
}

/** Opens a mail of Outlook (MS-OXMSG). What is attached is named, and handed over. */
export const openMsg: OpenFlow = async ({ request }) => {
  const file = await readFile(request.path)
  const reader = new msgreader.default(new Uint8Array(file).buffer)
  const mail = reader.getFileData()
  if (mail.error) throw new ExtractionError('file_corrupt', mail.error)
  return mailSource({
    subject: mail.subject ?? '',
    from: [shownAddress(mail.senderName, mail.senderSmtpAddress ?? mail.senderEmail)],
    to: recipients(mail, 'to'),
    cc: recipients(mail, 'cc'),
    date: mail.clientSubmitTime ?? mail.messageDeliveryTime ?? '',
    html: htmlOf(mail),
    text: mail.body ?? '',
    attachments: attachmentsOf((mail.attachments ?? []).map((attachment) => attachedOf(attachment, reader))),
  })
}
