import type { ContentType } from '@adp/contract/document.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLocalReading } from '../../../../test/local-reading.ts'
import { docxFile, odfFile, xlsxFile, zipFile } from '../../../../test/office-files.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

let reading: Awaited<ReturnType<typeof startLocalReading>>

beforeAll(async () => {
  reading = await startLocalReading({ maxPages: 5000 })
})

afterAll(() => reading.close())

const laughs = (text: string) => {
  const levels = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`)
  return `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "${text}">${levels.join('')}]><w:document><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>`
}

const withDocument = (xml: string) => zipFile({ '[Content_Types].xml': '<Types/>', 'word/document.xml': xml })

/** Cells of a sheet, in rows of a hundred. */
const manyCells = (rows: number) =>
  xlsxFile({
    sheets: [
      { name: 'S', xml: `<sheetData>${`<row>${'<c><v>1</v></c>'.repeat(100)}</row>`.repeat(rows)}</sheetData>` },
    ],
  })

test.each<[string, () => Buffer, ContentType, string]>([
  ['a bomb of zeros', () => zipFile({ 'word/document.xml': ' '.repeat(60_000_000) }), DOCX, 'archive_too_large'],
  [
    'of too many parts',
    () => zipFile(Object.fromEntries(Array.from({ length: 20_001 }, (_, n) => [`${n}`, '']))),
    DOCX,
    'archive_too_large',
  ],
  ['of more than a million cells', () => manyCells(10_001), XLSX, 'too_many_cells'],
  ['entities that grow', () => withDocument(laughs('ha')), DOCX, 'file_corrupt'],
  ['entities that are not there', () => docxFile('<w:p><w:r><w:t>&nothing;</w:t></w:r></w:p>'), DOCX, 'file_corrupt'],
  [
    'elements that nest without end',
    () => docxFile('<w:sdt>'.repeat(5_000) + '</w:sdt>'.repeat(5_000)),
    DOCX,
    'file_corrupt',
  ],
  ['elements that do not end', () => withDocument('<w:document><w:body><w:p>'), DOCX, 'file_corrupt'],
  ['without its document', () => zipFile({ '[Content_Types].xml': '<Types/>' }), DOCX, 'file_corrupt'],
  ['cut off', () => docxFile('<w:p/>').subarray(0, -30), DOCX, 'file_corrupt'],
  ['no archive', () => Buffer.from('PK\x03\x04 and nothing else'), XLSX, 'file_corrupt'],
  ['with a password', () => Buffer.from('any'), 'application/x-tika-ooxml-protected', 'file_encrypted'],
  [
    'with a password of OpenDocument',
    () => odfFile('text', '', { manifest: '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>' }),
    'application/vnd.oasis.opendocument.text',
    'file_encrypted',
  ],
])('%s', async (_, make, type, code) => {
  await expect(reading.read(make(), type)).rejects.toMatchObject({ code })
})

test('merged cells that claim the whole sheet, and rows out of order, cost nothing', async () => {
  const xml =
    '<sheetData><row r="9"><c r="ZZZZZ9"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row></sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/><mergeCell ref="B9:A1"/></mergeCells>'
  const [page] = await reading.read(xlsxFile({ sheets: [{ name: 'S', xml }] }), XLSX)
  expect(page?.content).toBe('S\n1\n2')
})

test('a row that claims to stand a billion times is counted, not made', async () => {
  const row =
    '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>'
  const file = odfFile('spreadsheet', `<table:table table:name="S">${row}</table:table>`)
  await expect(reading.read(file, 'application/vnd.oasis.opendocument.spreadsheet')).rejects.toMatchObject({
    code: 'too_many_cells',
  })
})
