import type { ContentType } from '@adp/contract/document.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cellLines, paragraphLines, spanTexts } from '../../../../test/flow-pages.ts'
import { startLocalReading } from '../../../../test/local-reading.ts'
import { chartXml, odfFile, pptxFile, xlsxFile } from '../../../../test/office-files.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'

let reading: Awaited<ReturnType<typeof startLocalReading>>

beforeAll(async () => {
  reading = await startLocalReading()
})

afterAll(() => reading.close())

const read = async (bytes: Buffer, type: ContentType) => {
  const pages = await reading.read(bytes, type)
  for (const page of pages) {
    const { covered, said } = spanTexts(page)
    expect(covered).toEqual(said)
  }
  return pages
}

const only = async (bytes: Buffer, type: ContentType) => {
  const [page, ...others] = await read(bytes, type)
  if (!page || others.length > 0) throw new Error('Not one page')
  return page
}

describe('XLSX', () => {
  const rows = (...all: string[]) => `<sheetData>${all.map((cells) => `<row>${cells}</row>`).join('')}</sheetData>`
  const n = (value: string | number, style = 0) => `<c s="${style}"><v>${value}</v></c>`

  test('a page for each sheet, hidden ones too, under its name; text of every kind', async () => {
    const shared = ['<t>plain</t>', '<r><t>ri</t></r><r><t>ch</t></r><rPh><t>sound</t></rPh>']
    const cells = `<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="str"><f>A1</f><v>formula</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="inlineStr"><is><t>inline</t></is></c>`
    const pages = await read(
      xlsxFile({
        shared,
        sheets: [
          { name: 'One', xml: rows(cells) },
          { name: 'Two', state: 'hidden', xml: rows(n(7)) },
        ],
      }),
      XLSX,
    )
    expect(pages.map(({ content }) => content)).toEqual(['One\nplain\trich\tformula\tTRUE\t#N/A\tinline', 'Two\n7'])
    expect(paragraphLines(pages[0] as (typeof pages)[0])).toEqual(['sectionHeading: One'])
  })

  test('numbers and dates as their formats show them', async () => {
    const styles = `<numFmts><numFmt numFmtId="164" formatCode="&quot;R$&quot; #,##0.00"/></numFmts>
<cellXfs>${[0, 14, 9, 164, 20].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs>`
    const cells = n(0.1 + 0.2) + n(45_292, 1) + n(0.25, 2) + n(1234.5, 3) + n(0.75, 4)
    const page = await only(xlsxFile({ styles, sheets: [{ name: 'S', xml: rows(cells) }] }), XLSX)
    expect(page.content).toBe('S\n0.3\t2024-01-01\t25%\tR$ 1,234.50\t18:00')
  })

  test('what empty rows and columns separate are tables of their own; merged cells', async () => {
    const c = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`
    const xml = `<sheetData><row r="2">${c('B2', 'Year')}${c('C2', 'Ducks')}${c('F2', 'Alone')}</row>
<row r="3">${c('B3', '2019')}${c('C3', 'many')}</row><row r="6">${c('A6', 'Wide')}</row><row r="7">${c('A7', 'a')}${c('B7', 'b')}</row></sheetData>
<mergeCells><mergeCell ref="A6:B6"/></mergeCells>`
    const page = await only(xlsxFile({ sheets: [{ name: 'S', xml }] }), XLSX)
    expect(page.parts?.tables).toHaveLength(3)
    expect(cellLines(page, 0)).toEqual(['0/0 Year columnHeader', '0/1 Ducks columnHeader', '1/0 2019', '1/1 many'])
    expect(cellLines(page, 1)).toEqual(['0/0 Alone'])
    expect(cellLines(page, 2)).toEqual(['0/0 Wide columnHeader 2 columns', '1/0 a', '1/1 b'])
  })

  test('a cell that is merged downwards holds its table together', async () => {
    const c = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`
    const xml = `<sheetData><row r="1">${c('A1', 'a')}${c('B1', 'b')}</row><row r="3">${c('B3', 'c')}</row></sheetData><mergeCells><mergeCell ref="A1:A3"/></mergeCells>`
    const page = await only(xlsxFile({ sheets: [{ name: 'S', xml }] }), XLSX)
    expect(cellLines(page)).toEqual(['0/0 a 3 rows', '0/1 b', '2/1 c'])
  })

  test('text boxes and charts; macros change nothing', async () => {
    const sheets = [{ name: 'S', xml: rows(n(1)), chart: chartXml('Ducks', 'Lake', { a: 5 }) }]
    const page = await only(xlsxFile({ sheets, macros: true }), 'application/vnd.ms-excel.sheet.macroenabled.12')
    expect(page.content).toBe('S\n1\nA box\nDucks\n\tLake\na\t5')
  })
})

describe('PPTX', () => {
  const shape = (paragraphs: string, placeholder = '') =>
    `<p:sp><p:nvSpPr><p:nvPr>${placeholder}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs}</p:txBody></p:sp>`
  const a = (text: string, properties = '') => `<a:p>${properties}<a:r><a:t>${text}</a:t></a:r></a:p>`
  const numbered = '<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>'

  test('a page for each slide, in the order in which they are shown: title, lists, notes', async () => {
    const first = [
      shape(a('Report') + a('of 2024'), '<p:ph type="title"/>'),
      shape(
        a('one', numbered) +
          a('two', numbered) +
          a('dot', '<a:pPr><a:buChar char="•"/></a:pPr>') +
          a('again', numbered),
      ),
      `<p:grpSp>${shape(a('in a group'))}</p:grpSp>`,
      shape(a('7'), '<p:ph type="sldNum"/>'),
    ].join('')
    const pages = await read(
      pptxFile([
        { shapes: first, notes: shape(a('Say hello'), '<p:ph type="body"/>') },
        { shapes: shape(a('Second')) },
      ]),
      PPTX,
    )
    expect(pages.map(paragraphLines)).toEqual([
      ['title: Report\nof 2024', '1. one', '2. two', '- dot', '1. again', 'in a group', 'Say hello'],
      ['Second'],
    ])
  })

  test('tables with merged cells, and charts', async () => {
    const tc = (text: string, attributes = '') => `<a:tc ${attributes}><a:txBody>${a(text)}</a:txBody></a:tc>`
    const table = `<a:tbl><a:tblPr firstRow="1"/><a:tr>${tc('Wide', 'gridSpan="2"')}${tc('', 'hMerge="1"')}</a:tr><a:tr>${tc('a')}${tc('b')}</a:tr></a:tbl>`
    const frame = (inside: string) =>
      `<p:graphicFrame><a:graphic><a:graphicData>${inside}</a:graphicData></a:graphic></p:graphicFrame>`
    const shapes = frame(table) + frame('<c:chart r:id="rId2"/>')
    const page = await only(pptxFile([{ shapes, chart: chartXml('Ducks', 'Lake', { x: 3 }) }]), PPTX)
    expect(cellLines(page)).toEqual(['0/0 Wide columnHeader 2 columns', '1/0 a', '1/1 b'])
    expect(page.content).toBe('Wide\na\tb\nDucks\n\tLake\nx\t3')
  })
})

describe('OpenDocument', () => {
  const t = (text: string) => `<text:p>${text}</text:p>`

  test('a text: headings, lists, blanks, notes, frames, headers and footers', async () => {
    const body = `<text:h text:outline-level="1">One</text:h>${t('a<text:s text:c="3"/>b\n   c<text:tab/>d<text:line-break/>e')}
<text:list text:style-name="L1"><text:list-item>${t('first')}</text:list-item><text:list-item>${t('second')}
<text:list text:style-name="L2"><text:list-item>${t('dot')}</text:list-item></text:list></text:list-item></text:list>
<text:p>See<text:note><text:note-body>${t('A note')}</text:note-body></text:note><office:annotation>${t('remark')}</office:annotation>
<draw:frame><draw:text-box>${t('In a box')}</draw:text-box></draw:frame></text:p>`
    const styles =
      '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="a" style:num-suffix=")"/></text:list-style>'
    const master = `<style:master-page><style:header>${t('Acme')}</style:header><style:footer>${t('Secret')}</style:footer></style:master-page>`
    const page = await only(odfFile('text', body, { styles, master }), 'application/vnd.oasis.opendocument.text')
    expect(paragraphLines(page)).toEqual([
      'pageHeader: Acme',
      'sectionHeading: One',
      'a   b c\td\ne',
      'a) first',
      'b) second',
      '- dot',
      'See',
      'In a box',
      'footnote: A note',
      'pageFooter: Secret',
    ])
  })

  const cell = (text: string, attributes = '') => `<table:table-cell ${attributes}>${t(text)}</table:table-cell>`

  test('a spreadsheet: a page for each sheet, repeated and merged cells, and charts', async () => {
    const row = (cells: string, attributes = '') => `<table:table-row ${attributes}>${cells}</table:table-row>`
    const sheet = (name: string, inside: string) => `<table:table table:name="${name}">${inside}</table:table>`
    const empty = '<table:table-cell table:number-columns-repeated="16000"/>'
    const first =
      row(`${cell('Wide', 'table:number-columns-spanned="2"')}<table:covered-table-cell/>${empty}`) +
      row(cell('x', 'table:number-columns-repeated="2"'), 'table:number-rows-repeated="2"') +
      row(empty, 'table:number-rows-repeated="1048000"') +
      row(cell('Below'))
    const object = '<table:shapes><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></table:shapes>'
    const chart = `<office:chart><chart:chart><chart:title>${t('Ducks')}</chart:title><table:table>${row(cell('Lake') + cell('5'))}</table:table></chart:chart></office:chart>`
    const pages = await read(
      odfFile('spreadsheet', sheet('One', first + object) + sheet('Two', row(cell('y'))), {
        objects: { 'Object 1': chart },
      }),
      'application/vnd.oasis.opendocument.spreadsheet',
    )
    expect(pages.map(({ content }) => content)).toEqual(['One\nWide\nx\tx\nx\tx\nBelow\nDucks\nLake\t5', 'Two\ny'])
    expect(cellLines(pages[0] as (typeof pages)[0])[0]).toBe('0/0 Wide columnHeader 2 columns')
  })

  test('a presentation: a page for each slide, with titles, tables and notes', async () => {
    const slide = `<draw:page><draw:frame presentation:class="title"><draw:text-box>${t('Report')}</draw:text-box></draw:frame>
<draw:frame><table:table><table:table-row>${cell('a')}${cell('b')}</table:table-row></table:table></draw:frame>
<presentation:notes><draw:frame><draw:text-box>${t('Say hello')}</draw:text-box></draw:frame></presentation:notes></draw:page>`
    const second = `<draw:page><draw:custom-shape>${t('Second')}</draw:custom-shape></draw:page>`
    const pages = await read(odfFile('presentation', slide + second), 'application/vnd.oasis.opendocument.presentation')
    expect(pages.map(({ content }) => content)).toEqual(['Report\na\tb\nSay hello', 'Second'])
    expect(paragraphLines(pages[0] as (typeof pages)[0])[0]).toBe('title: Report')
  })
})
