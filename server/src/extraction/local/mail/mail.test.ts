import type { ContentType } from '@adp/contract/document.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paragraphLines, spanTexts } from '../../../../test/flow-pages.ts'
import { startLocalReading } from '../../../../test/local-reading.ts'
import { emlFile, nestedEml } from '../../../../test/mail-files.ts'
import { type Msg, msgFile } from '../../../../test/msg-file.ts'

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
    expect(paragraphLines(page)).toEqual([...SAID, 'title: Sums', 'Attachments: Fatura nº 1.pdf, image.png'])
    expect(page.parts?.tables).toHaveLength(1)
  })

  const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16()
  test.each([
    ['utf-16', Buffer.from('\ufeffOlá', 'utf16le')],
    ['utf-16', swapped('\ufeffOlá')],
    ['utf-16le', Buffer.from('Olá', 'utf16le')],
    ['utf-16be', swapped('Olá')],
  ])('a body in %s', async (charset, body) => {
    const encoded = ['Content-Transfer-Encoding: base64', '', body.toString('base64')]
    for (const type of ['plain', 'html']) {
      const mail = eml(`Content-Type: text/${type}; charset=${charset}`, ...encoded)
      expect(paragraphLines(await only(mail, EML))).toEqual([...SAID, 'Olá'])
    }
  })

  test('saved as UTF-16 by an editor, and saying so of a part that is; another one is as it was', async () => {
    const saved = eml(
      'Content-Type: multipart/alternative; boundary=b',
      '',
      ...['--b', 'Content-Type: text/plain; charset="utf-16"', '', 'Olá'],
      ...['--b', 'Content-Type: text/html; charset=utf-16le', 'Content-Transfer-Encoding: base64', ''],
      ...[Buffer.from('<p>Olá<p>de novo', 'utf16le').toString('base64'), '--b--'],
    ).toString()
    expect(paragraphLines(await only(Buffer.from(`\ufeff${saved}`, 'utf16le'), EML))).toEqual([
      ...SAID,
      'Olá',
      'de novo',
    ])
    const plain = eml('Content-Type: text/plain; charset=utf-16', '', 'Olá').toString()
    expect(paragraphLines(await only(swapped(`\ufeff${plain}`), EML))).toEqual([...SAID, 'Olá'])
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
    const file = msgFile({ ...mail, from: [...mail.from], to: [...mail.to], attachments: { 'Fatura.pdf': {} } })
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

describe('what is attached', () => {
  const names = (found: { name: string }[]) => found.map(({ name }) => name)

  test('is handed over as it was, in its order, each with its place', async () => {
    const files = [
      { name: 'a.bin', bytes: Buffer.from([0, 255, 13, 10, 26]) },
      { type: 'image/png', bytes: Buffer.from('no name') },
      { name: 'a.bin', bytes: Buffer.from('the same name') },
    ]
    expect(await reading.attachments(emlFile({ attached: files }), EML)).toEqual([
      { position: 1, name: 'a.bin', bytes: files[0]?.bytes },
      { position: 2, name: 'image.png', bytes: files[1]?.bytes },
      { position: 3, name: 'a.bin', bytes: files[2]?.bytes },
    ])
  })

  test('pictures that the body shows are part of it, unless they are as large as a page', async () => {
    const html = '<img src="cid:logo"><img src="cid:scan">'
    const picture = (cid: string, size: number) => ({ name: cid, type: 'image/png', cid, bytes: Buffer.alloc(size) })
    const mail = emlFile({ html, attached: [picture('logo', 20_000), picture('scan', 150_000)] })
    expect(names(await reading.attachments(mail, EML))).toEqual(['scan'])
    expect(paragraphLines(await only(mail, EML)).at(-1)).toBe('Attachments: scan')
  })

  test('a mail within a mail is a file with the name of its subject, and its text is not that of the outer one', async () => {
    const mail = nestedEml(1, { name: 'a.txt', bytes: Buffer.from('x') })
    const [inner, ...others] = await reading.attachments(mail, EML)
    expect(others).toEqual([])
    expect(inner).toMatchObject({ position: 1, name: 'Level 0.eml' })
    expect(names(await reading.attachments(inner?.bytes as Buffer, EML))).toEqual(['a.txt'])
    expect(paragraphLines(await only(mail, EML))).not.toContain('title: Level 0')
  })

  test('a signature is named, and has no bytes to read', async () => {
    const mail = emlFile({
      attached: [{ name: 's.asc', type: 'application/pgp-signature', bytes: Buffer.from('PGP') }],
    })
    expect(await reading.attachments(mail, EML)).toEqual([{ position: 1, name: 's.asc', bytes: Buffer.alloc(0) }])
  })

  test('of a MSG: files, mails within it as files of their own, none of what is hidden', async () => {
    const inner: Msg = { subject: 'Dentro', body: 'inner', from: ['a', 'a@x.org'], to: ['b', 'b@x.org'] }
    const file = msgFile({
      ...inner,
      subject: 'Fora',
      attachments: {
        'Fatura.pdf': { bytes: Buffer.from('%PDF-1.7') },
        'logo.png': { bytes: Buffer.alloc(5000), hidden: true },
        'scan.png': { bytes: Buffer.alloc(150_000, 1), hidden: true },
        'elsewhere.docx': {},
        mail: { mail: { ...inner, attachments: { 'b.txt': { bytes: Buffer.from('text in it') } } } },
      },
    })
    const found = await reading.attachments(file, MSG)
    expect(names(found)).toEqual(['Fatura.pdf', 'scan.png', 'elsewhere.docx', 'Dentro.msg'])
    expect(found.map(({ bytes }) => bytes.length).slice(0, 3)).toEqual([8, 150_000, 0])
    const nested = found.at(-1)?.bytes as Buffer
    expect(paragraphLines(await only(nested, MSG))).toContain('title: Dentro')
    expect(await reading.attachments(nested, MSG)).toEqual([
      { position: 1, name: 'b.txt', bytes: Buffer.from('text in it') },
    ])
  })
})
