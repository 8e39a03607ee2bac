import { expect, test } from 'vitest'
import { compoundFile, encryptedOffice } from '../../test/compound-file.ts'
import { msgFile } from '../../test/msg-file.ts'
import { docxFile, flatOdfFile, odfFile, pptxFile, xlsxFile, zipFile } from '../../test/office-files.ts'
import { createContainerSniffer } from './sniff-container.ts'
import { SNIFF_BYTES, sniffType } from './sniff-type.ts'

const OOXML = 'application/vnd.openxmlformats-officedocument'
const MAIL = { subject: 's', body: 'b', from: ['a', 'a@b.c'], to: ['d', 'd@e.f'] } satisfies Parameters<
  typeof msgFile
>[0]
const mailWith = (bytes: Buffer) => msgFile({ ...MAIL, attachments: { 'a.bin': { bytes } } })
const SHEETS = { sheets: [{ name: 'S', xml: '<sheetData/>' }] }

/** As an upload does it, in pieces of odd sizes. */
const sniff = async (bytes: Buffer) => {
  const type = await sniffType(bytes.subarray(0, SNIFF_BYTES))
  if (type !== 'archive' && type !== 'compound') return type
  const sniffer = createContainerSniffer(type)
  for (let at = 0; at < bytes.length; at += 77) sniffer.add(bytes.subarray(at, at + 77))
  return sniffer.type()
}

/** Letters that do not shrink when they are packed, so that the archive is longer than what is looked at first. */
const noise = Array.from({ length: 20_000 }, (_, n) => ((n * 48_271) % 65_537).toString(36)).join('')

test.each<[string, Buffer, string | null]>([
  ['DOCX', docxFile('<w:p/>'), `${OOXML}.wordprocessingml.document`],
  ['a long DOCX', docxFile(`<w:p>${noise}</w:p>`), `${OOXML}.wordprocessingml.document`],
  ['XLSX', xlsxFile(SHEETS), `${OOXML}.spreadsheetml.sheet`],
  ['XLSM', xlsxFile({ ...SHEETS, macros: true }), 'application/vnd.ms-excel.sheet.macroenabled.12'],
  ['PPTX', pptxFile([{ shapes: '' }]), `${OOXML}.presentationml.presentation`],
  ['ODT', odfFile('text', ''), 'application/vnd.oasis.opendocument.text'],
  ['ODS', odfFile('spreadsheet', ''), 'application/vnd.oasis.opendocument.spreadsheet'],
  ['ODP', odfFile('presentation', ''), 'application/vnd.oasis.opendocument.presentation'],
  ['a template of ODT', odfFile('text', '', { template: '-template' }), 'application/vnd.oasis.opendocument.text'],
  ['a text for the web', odfFile('text', '', { template: '-web' }), 'application/vnd.oasis.opendocument.text'],
  ['OTS', odfFile('spreadsheet', '', { template: '-template' }), 'application/vnd.oasis.opendocument.spreadsheet'],
  ['a flat ODT', flatOdfFile('text', ''), 'application/vnd.oasis.opendocument.text'],
  ['a flat ODS', flatOdfFile('spreadsheet', ''), 'application/vnd.oasis.opendocument.spreadsheet'],
  ['a flat drawing', flatOdfFile('graphics', ''), 'application/vnd.oasis.opendocument.presentation'],
  ['a flat chart alone', flatOdfFile('chart' as 'text', ''), 'text/plain'],
  ['an Office file with a password', encryptedOffice(), 'application/x-tika-ooxml-protected'],
  ['a mail of Outlook', msgFile(MAIL), 'application/vnd.ms-outlook'],
  [
    'one with an old DOC attached',
    mailWith(compoundFile(['Root Entry', 'WordDocument'])),
    'application/vnd.ms-outlook',
  ],
  ['one with a locked XLSX attached', mailWith(encryptedOffice()), 'application/vnd.ms-outlook'],
  ['an old DOC', compoundFile(['Root Entry', 'WordDocument']), null],
  ['an archive of anything', zipFile({ 'a.txt': 'a', 'word.txt': noise }), null],
  ['XLSB, whose parts are no XML', zipFile({ '[Content_Types].xml': '<Types/>', 'xl/workbook.bin': 'x' }), null],
  [
    'an archive that is cut off',
    zipFile({ '[Content_Types].xml': noise, 'word/document.xml': noise }).subarray(0, 9000),
    null,
  ],
])('%s', async (_, bytes, type) => {
  expect(await sniff(bytes)).toBe(type)
})
