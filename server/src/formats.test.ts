import { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import { SUPPORTED_TYPES } from '@adp/contract/document.ts'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bmpFile } from '../test/bmp.ts'
import { encryptedOffice } from '../test/compound-file.ts'
import { textImage } from '../test/fixtures.ts'
import { heicFile } from '../test/heic.ts'
import { msgFile } from '../test/msg-file.ts'
import { docxFile, odfFile, pptxFile, xlsxFile } from '../test/office-files.ts'
import { type Product, startProduct } from '../test/product.ts'
import { upload, waitForJob } from '../test/run-start.ts'

/** Files of every kind beside PDF through the whole product, from the upload to the result. */
let product: Product
let picture: Buffer

beforeAll(async () => {
  product = await startProduct({ LOG_LEVEL: 'silent' })
  picture = await textImage('Invoice 4711', 'png')
})

afterAll(() => product.stop())

const OOXML = 'application/vnd.openxmlformats-officedocument'
const ODF = 'application/vnd.oasis.opendocument'
const BOOK = { sheets: [{ name: 'Sums', xml: '<sheetData><row><c><v>7</v></c></row></sheetData>' }] }
const SHAPE = '<p:sp><p:nvSpPr/><p:txBody><a:p><a:r><a:t>Hello</a:t></a:r></a:p></p:txBody></p:sp>'
const MAIL = { subject: 'Hi', body: 'Hello', from: ['Ana', 'a@b.c'], to: ['Bob', 'd@e.f'] } satisfies Parameters<
  typeof msgFile
>[0]
const ROW = '<table:table-row><table:table-cell><text:p>7</text:p></table:table-cell></table:table-row>'

const FILES: Record<string, [make: () => Buffer | Promise<Buffer>, type: string, content: string, tables: number]> = {
  'scan.bmp': [() => bmpFile(picture, 24), 'image/bmp', 'Invoice 4711', 0],
  'scan.gif': [() => textImage('Invoice 4711', 'gif'), 'image/gif', 'Invoice 4711', 0],
  'photo.heic': [() => heicFile(picture), 'image/heic', 'Invoice 4711', 0],
  'notes.txt': [() => iconv.encode('Situação: é boa', 'windows-1252'), 'text/plain', 'Situação: é boa', 0],
  'notes.md': [() => Buffer.from('# Notes\n\nAll is well.'), 'text/markdown', 'Notes\nAll is well.', 0],
  'sums.csv': [() => Buffer.from('name;sum\nPaper;3,50\n'), 'text/csv', 'name\tsum\nPaper\t3,50', 1],
  'page.html': [() => Buffer.from('<html><h1>Notes</h1><p>All is well.'), 'text/html', 'Notes\nAll is well.', 0],
  'letter.rtf': [() => Buffer.from("{\\rtf1 Ol\\'e1\\par}"), 'application/rtf', 'Olá', 0],
  'letter.docx': [
    () => docxFile('<w:p><w:r><w:t>Hello</w:t></w:r></w:p>'),
    `${OOXML}.wordprocessingml.document`,
    'Hello',
    0,
  ],
  'sums.xlsx': [() => xlsxFile(BOOK), `${OOXML}.spreadsheetml.sheet`, 'Sums\n7', 1],
  'macros.xlsm': [
    () => xlsxFile({ ...BOOK, macros: true }),
    'application/vnd.ms-excel.sheet.macroenabled.12',
    'Sums\n7',
    1,
  ],
  'talk.pptx': [() => pptxFile([{ shapes: SHAPE }]), `${OOXML}.presentationml.presentation`, 'Hello', 0],
  'letter.odt': [() => odfFile('text', '<text:p>Hello</text:p>'), `${ODF}.text`, 'Hello', 0],
  'sums.ods': [
    () => odfFile('spreadsheet', `<table:table table:name="Sums">${ROW}</table:table>`),
    `${ODF}.spreadsheet`,
    'Sums\n7',
    1,
  ],
  'talk.odp': [
    () => odfFile('presentation', '<draw:page><draw:rect><text:p>Hello</text:p></draw:rect></draw:page>'),
    `${ODF}.presentation`,
    'Hello',
    0,
  ],
  'mail.eml': [() => Buffer.from('From: a@b.c\nSubject: Hi\n\nHello'), 'message/rfc822', 'Hi\nFrom: a@b.c\nHello', 0],
  'mail.msg': [() => msgFile(MAIL), 'application/vnd.ms-outlook', 'Hi\nFrom: Ana <a@b.c>\nTo: Bob <d@e.f>\nHello', 0],
}

test.each(Object.entries(FILES))('%s', async (name, [make, type, content, tables]) => {
  // Not by its name.
  const [document] = await upload(product.url, { [`${name}.pdf`]: await make() })
  expect(document?.content_type).toBe(type)
  const job = await waitForJob(product.url, document?.id ?? '')
  expect(job).toMatchObject({ status: 'COMPLETED', pages_done: 1, has_text: true, provider: 'local' })
  const response = await fetch(`${product.url}/documents/${document?.id}/result`)
  const result = AnalyzeResult.parse(await response.json())
  expect(result.content).toBe(content)
  expect(result.tables ?? []).toHaveLength(tables)
})

test('an Office file with a password is taken, and fails with the reason', async () => {
  const [document] = await upload(product.url, { 'secret.xlsx': encryptedOffice() })
  const job = await waitForJob(product.url, document?.id ?? '')
  expect(job).toMatchObject({ status: 'FAILED', error: { code: 'file_encrypted' }, attempts: 1 })
})

test('the description of the API names every type', async () => {
  const openapi = await (await fetch(`${product.url}/openapi.json`)).text()
  for (const type of SUPPORTED_TYPES) expect(openapi).toContain(JSON.stringify(type))
})
