import type { ContentType } from '@adp/contract/document.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paragraphLines, spanTexts } from '../../../../test/flow-pages.ts'
import { startLocalReading } from '../../../../test/local-reading.ts'
import { msgFile } from '../../../../test/msg-file.ts'

const EML = 'message/rfc822'
const MSG = 'application/vnd.ms-outlook'

let reading: Awaited<ReturnType<typeof startLocalReading>>

beforeAll(async () => {
  reading = await startLocalReading()
})

afterAll(() => reading.close())

const only = async (bytes: Buffer, type: ContentType) => {
  const [page, ...others] = await reading.read(bytes, type)
  if (!page || others.length > 0) throw new Error('Not one page')
  const { covered, said } = spanTexts(page)
  expect(covered).toEqual(said)
  return page
}

const HEAD = [
  'From: =?utf-8?Q?Jo=C3=A3o?= <joao@example.com>',
  'To: "Ana, Ltd." <ana@example.com>, bob@example.com',
  'Cc: Friends: Eve <eve@example.com>;',
  'Subject: =?iso-8859-1?Q?Situa=E7=E3o?=',
  'Date: Fri, 23 Dec 2022 12:08:48 -0600',
]
const SAID = [
  'title: Situação',
  'From: João <joao@example.com>',
  'To: Ana, Ltd. <ana@example.com>, bob@example.com',
  'Cc: Friends: Eve <eve@example.com>',
  'Date: Fri, 23 Dec 2022 12:08:48 -0600',
]
const eml = (...rest: string[]) => Buffer.from([...HEAD, ...rest].join('\r\n'))

describe('EML', () => {
  test('who wrote to whom, and a body in an encoding of its own', async () => {
    const mail = eml(
      'Content-Type: text/plain; charset=windows-1252',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Ol=E1,',
      '',
      'tudo bem?',
    )
    expect(paragraphLines(await only(mail, EML))).toEqual([...SAID, 'Olá,', 'tudo bem?'])
  })

  test('of a body in two kinds the one with a structure; what is attached is named, what is shown in it is not', async () => {
    const part = (head: string, body: string) => ['--b', head, '', body]
    const mail = eml(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      ...part('Content-Type: text/html', '<h1>Sums</h1><table><tr><td>a<td>1</table><img src="cid:logo">'),
      ...part(
        'Content-Type: application/pdf; name="inv.pdf"\r\nContent-Disposition: attachment; filename="Fatura nº 1.pdf"',
        'x',
      ),
      ...part('Content-Type: image/png\r\nContent-Disposition: attachment', 'x'),
      '--b--',
    )
    const page = await only(mail, EML)
    expect(paragraphLines(page)).toEqual([...SAID, 'title: Sums', 'Attachments: Fatura nº 1.pdf, image/png'])
    expect(page.parts?.tables).toHaveLength(1)
  })

  test('saved as UTF-16 by an editor', async () => {
    const mail = Buffer.from(`\ufeff${eml('', 'Hello').toString()}`, 'utf16le')
    expect(paragraphLines(await only(mail, EML))).toEqual([...SAID, 'Hello'])
  })
})

describe('MSG', () => {
  const mail = {
    subject: 'Situação',
    body: 'Olá',
    from: ['João', 'joao@example.com'],
    to: ['Ana', 'ana@example.com'],
  } as const

  test('who wrote to whom, the body, and what is attached', async () => {
    const file = msgFile({ ...mail, from: [...mail.from], to: [...mail.to], attachments: ['Fatura.pdf'] })
    expect(paragraphLines(await only(file, MSG))).toEqual([
      'title: Situação',
      'From: João <joao@example.com>',
      'To: Ana <ana@example.com>',
      'Olá',
      'Attachments: Fatura.pdf',
    ])
  })

  test('its HTML, where there is one', async () => {
    const file = msgFile({ ...mail, from: [...mail.from], to: [...mail.to], html: '<p>Mais <b>uma</b> vez</p>' })
    expect(paragraphLines(await only(file, MSG)).slice(3)).toEqual(['Mais uma vez'])
  })

  test.each([
    ['cut off', msgFile({ ...mail, from: [...mail.from], to: [...mail.to] }).subarray(0, 1000)],
    ['of no sense', Buffer.from('no mail at all')],
  ])('%s', async (_, file) => {
    await expect(reading.read(file, MSG)).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})
