import { zipSync } from 'fflate'
import { docxFile, odfFile, xlsxFile, zipFile } from '../../../../server/test/office-files.ts'
import type { HostileFile } from './hostile-file.ts'

/** Office files: archives that unpack to more than fits, and XML that says more than it has. */

const DOCUMENT = 'word/document.xml'
const TYPES = { '[Content_Types].xml': '<Types/>' }

const withDocument = (xml: string): Buffer => zipFile({ ...TYPES, [DOCUMENT]: xml })

/** Rows of a hundred cells, made once: twice the text is twice the memory of whoever makes it. */
const sheet = (cells: number): string =>
  `<sheetData>${`<row>${'<c><v>1</v></c>'.repeat(100)}</row>`.repeat(cells / 100)}</sheetData>`

const workbook = (cells: number): Buffer => xlsxFile({ sheets: [{ name: 'S', xml: sheet(cells) }] })

const growingEntities = (): Buffer => {
  const levels = Array.from({ length: 12 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('')
  return withDocument(
    `<!DOCTYPE d [<!ENTITY e0 "ha">${levels}]><w:document><w:body><w:p><w:r><w:t>&e12;</w:t></w:r></w:p></w:body></w:document>`,
  )
}

/** An archive that says that its document has a hundred bytes. */
const lying = (): Buffer => {
  const file = withDocument(`<w:document>${' '.repeat(300_000_000)}</w:document>`)
  const name = Buffer.from(DOCUMENT)
  for (let at = file.indexOf(name); at >= 0; at = file.indexOf(name, at + 1)) {
    if (file.readUInt32LE(Math.max(0, at - 30)) === 0x04034b50) file.writeUInt32LE(100, at - 30 + 22)
    else if (file.readUInt32LE(Math.max(0, at - 46)) === 0x02014b50) file.writeUInt32LE(100, at - 46 + 24)
  }
  return file
}

const nested = (depth: number): Buffer => {
  let inner = withDocument('<w:document/>')
  for (let level = 0; level < depth; level += 1)
    inner = Buffer.from(
      zipSync({ 'word/embeddings/a.docx': inner, [DOCUMENT]: Buffer.from('<w:document><w:body/></w:document>') }),
    )
  return inner
}

const paragraphs = (count: number): Buffer => docxFile('<w:p><w:r><w:t>x</w:t></w:r></w:p>'.repeat(count))

const externals =
  '<w:p><w:r><w:pict><v:shape><v:imagedata r:id="rId1" src="http://192.0.2.1/x.png"/></v:shape></w:pict></w:r></w:p>'

const repeatedRows =
  '<table:table table:name="S"><table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'

export const hostileArchives = (): HostileFile[] => [
  { kind: 'xlsx: 10 million cells', make: () => workbook(10_000_000) },
  { kind: 'xlsx: 1.1 million cells', make: () => workbook(1_100_000) },
  { kind: 'xlsx: a million cells, allowed', make: () => workbook(1_000_000) },
  { kind: 'xlsx: 100,000 cells, good', make: () => workbook(100_000) },
  {
    kind: 'xlsx: a row of a million cells',
    make: () =>
      xlsxFile({
        sheets: [{ name: 'S', xml: `<sheetData><row>${'<c><v>1</v></c>'.repeat(1_000_000)}</row></sheetData>` }],
      }),
  },
  {
    kind: 'xlsx: 3,000 sheets',
    make: () => xlsxFile({ sheets: Array.from({ length: 3_000 }, (_, n) => ({ name: `S${n}`, xml: sheet(100) })) }),
  },
  { kind: 'docx: a bomb of blanks', make: () => withDocument(' '.repeat(400_000_000)) },
  { kind: 'docx: a bomb that lies about its size', make: lying },
  {
    kind: 'docx: 100,000 parts',
    make: () =>
      zipFile({ ...TYPES, ...Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`word/${n}.xml`, ''])) }),
  },
  { kind: 'docx: in a docx in a docx, 50 deep', make: () => nested(50) },
  { kind: 'docx: entities that grow', make: growingEntities },
  {
    kind: 'docx: an entity from outside',
    make: () =>
      withDocument(
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>',
      ),
  },
  { kind: 'docx: a million elements deep', make: () => withDocument(`<w:document>${'<w:p>'.repeat(1_000_000)}`) },
  {
    kind: 'docx: 300 tables deep',
    make: () => docxFile(`${'<w:tbl><w:tr><w:tc>'.repeat(120)}<w:p/>${'</w:tc></w:tr></w:tbl>'.repeat(120)}`),
  },
  { kind: 'docx: a million paragraphs', make: () => paragraphs(1_000_000) },
  {
    kind: 'docx: a paragraph of 40 MB',
    make: () => docxFile(`<w:p><w:r><w:t>${'word '.repeat(8_000_000)}</w:t></w:r></w:p>`),
  },
  {
    kind: 'docx: a million attributes',
    make: () => withDocument(`<w:document ${Array.from({ length: 1_000_000 }, (_, n) => `a${n}=""`).join(' ')}/>`),
  },
  { kind: 'docx: pictures from the network', make: () => docxFile(externals) },
  { kind: 'ods: rows that repeat', make: () => odfFile('spreadsheet', repeatedRows) },
  {
    kind: 'odt: 200,000 lists',
    make: () =>
      odfFile('text', '<text:list><text:list-item><text:p>x</text:p></text:list-item></text:list>'.repeat(200_000)),
  },
]
