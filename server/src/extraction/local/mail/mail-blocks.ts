import { parse } from 'parse5'
import { type Block, paragraph } from '../flow/blocks.ts'
import type { FlowAttachment, FlowSource } from '../flow/read-flow.ts'
import { htmlBlocks } from '../html/html-blocks.ts'

/** What is read of a mail. Addresses are as they are shown: `Ana <ana@example.com>`. */
export type Mail = {
  subject: string
  from: string[]
  to: string[]
  cc: string[]
  /** As the mail itself says it. */
  date: string
  /** The body; HTML, where there is one, says more than the text beside it. */
  html: string
  text: string
  /** What is attached, without what the body shows. */
  attachments: readonly FlowAttachment[]
}

/** A name and an address, one of which may be missing. */
export const shownAddress = (name: string | undefined, address: string | undefined): string => {
  if (!address || name === address) return name ?? ''
  return name ? `${name} <${address}>` : address
}

const line = (name: string, values: string[]): Block => {
  const said = values.filter((value) => value.trim() !== '')
  return paragraph(said.length > 0 ? `${name}: ${said.join(', ')}` : '')
}

/** The subject as title, who wrote to whom and when, the body, and the names of what is attached. */
function* mailBlocks(mail: Mail): Generator<Block> {
  yield paragraph(mail.subject, 'title')
  yield line('From', mail.from)
  yield line('To', mail.to)
  yield line('Cc', mail.cc)
  yield line('Date', [mail.date])
  if (mail.html.trim() !== '') yield* htmlBlocks(parse(mail.html))
  else for (const text of mail.text.split(/\r?\n[ \t]*\r?\n/)) yield paragraph(text)
  yield line(
    'Attachments',
    mail.attachments.map(({ name }) => name),
  )
}

export const mailSource = (mail: Mail): FlowSource => ({
  blocks: () => mailBlocks(mail),
  attachments: mail.attachments,
})
