import { PassThrough, Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { escapeXml, NAMESPACE, NUMBER_FORMATS, type Sheet, sheetXml, XML_HEAD } from './sheet-xml.ts'

// No library of npm writes a workbook of several sheets as a stream: exceljs and its forks are unmaintained, hucre streams one sheet,
// write-excel-file holds all of it. SpreadsheetML is little XML; the archive is yazl's.

const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const xf = (attributes: string, inside = '') =>
  `<xf fontId="0" fillId="0" borderId="0" xfId="0" ${attributes}>${inside}</xf>`

const STYLES_XML = `${XML_HEAD}<styleSheet xmlns="${NAMESPACE}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${2 + NUMBER_FORMATS.length}">${[
  xf('numFmtId="0" applyAlignment="1"', '<alignment vertical="top" wrapText="1"/>'),
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>',
  ...NUMBER_FORMATS.map((format) =>
    xf(`numFmtId="${format}" applyNumberFormat="1" applyAlignment="1"`, '<alignment vertical="top"/>'),
  ),
].join('')}</cellXfs></styleSheet>`

const contentTypes = (sheets: number) =>
  `${XML_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${each(sheets, (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPES}.worksheet+xml"/>`)}</Types>`

const each = (count: number, write: (n: number) => string) =>
  Array.from({ length: count }, (_, index) => write(index + 1)).join('')

const relationship = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`

const relationships = (inside: string) => `${XML_HEAD}<Relationships xmlns="${RELATIONSHIPS}">${inside}</Relationships>`

const workbookXml = (names: readonly string[]) =>
  `${XML_HEAD}<workbook xmlns="${NAMESPACE}" xmlns:r="${OFFICE}"><sheets>${names
    .map((name, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
    .join('')}</sheets></workbook>`

/** What describes the sheets comes after them, when they are known. */
function describe(names: readonly string[]): Record<string, string> {
  const sheets = each(names.length, (n) => relationship(`rId${n}`, 'worksheet', `worksheets/sheet${n}.xml`))
  return {
    'xl/workbook.xml': workbookXml(names),
    'xl/styles.xml': STYLES_XML,
    'xl/_rels/workbook.xml.rels': relationships(
      sheets + relationship(`rId${names.length + 1}`, 'styles', 'styles.xml'),
    ),
    '_rels/.rels': relationships(relationship('rId1', 'officeDocument', 'xl/workbook.xml')),
    '[Content_Types].xml': contentTypes(names.length),
  }
}

async function writeSheets(zip: ZipFile, sheets: AsyncIterable<Sheet>): Promise<void> {
  const names: string[] = []
  for await (const sheet of sheets) {
    names.push(sheet.name)
    const part = Readable.from(sheetXml(sheet), { objectMode: false })
    zip.addReadStream(part, `xl/worksheets/sheet${names.length}.xml`)
    // One sheet at a time: the next is made when this one is written.
    await finished(part)
  }
  for (const [name, xml] of Object.entries(describe(names))) zip.addBuffer(Buffer.from(xml), name)
  zip.end()
}

/** A workbook with one sheet at least, as the bytes of an XLSX file. Whatever goes wrong with a sheet breaks the stream. */
export function streamWorkbook(sheets: AsyncIterable<Sheet>): Readable {
  const zip = new ZipFile()
  const bytes = new PassThrough()
  const fail = (error: unknown) => void bytes.destroy(error as Error)
  zip.on('error', fail)
  writeSheets(zip, sheets).catch(fail)
  pipeline(zip.outputStream, bytes).catch(fail)
  return bytes
}
