import type { Document } from '@adp/contract/document.ts'
import { type ExportFormat, ExportList } from '@adp/contract/export.ts'
import type { Table, TableCell } from '@adp/contract/result-tables.ts'
import { strFromU8, unzipSync } from 'fflate'
import { SaxesParser } from 'saxes'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addResult, flowPage } from '../../test/add-result.ts'
import { useApi } from '../../test/api.ts'
import { textPdf } from '../../test/fixtures.ts'
import { emptyTables } from '../../test/jobs.ts'
import { startLocalReading } from '../../test/local-reading.ts'
import { upload } from '../../test/run-start.ts'

const api = useApi()
let reading: Awaited<ReturnType<typeof startLocalReading>>
beforeAll(async () => {
  reading = await startLocalReading()
})
afterAll(() => reading.close())
beforeEach(() => emptyTables(api.pool))

const PDF = await textPdf(['anything'])

const get = (id: string, format: ExportFormat, query = '', init: RequestInit = {}) =>
  fetch(`${api.url}/documents/${id}/exports/${format}${query}`, init)
const textOf = async (id: string, format: ExportFormat, query = '') => {
  const response = await get(id, format, query)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer()).toString()
}

const cell = (rowIndex: number, columnIndex: number, content: string, more: Partial<TableCell> = {}): TableCell => ({
  ...{ rowIndex, columnIndex, content, spans: [] },
  ...more,
})
const tableOf = (cells: TableCell[], rowCount: number, columnCount: number): Table => ({
  rowCount,
  columnCount,
  cells,
  spans: [],
})

const PRICES = tableOf(
  [
    cell(0, 0, 'Item', { kind: 'columnHeader' }),
    cell(0, 1, 'Price, "net"', { kind: 'columnHeader', columnSpan: 2 }),
    cell(1, 0, 'Tea\nhot', { rowSpan: 2 }),
    cell(1, 1, '1,234.50'),
    cell(1, 2, ':selected:'),
    cell(2, 1, '-12,5'),
    cell(2, 2, '=HYPERLINK("http://evil.example","Total")'),
  ],
  3,
  3,
)
const SECOND = tableOf([cell(0, 0, '+3 %'), cell(0, 1, '@cmd'), cell(1, 1, '-2+cmd|x'), cell(1, 0, '007')], 2, 2)

const PAGES = [
  flowPage('Title\nText & <more>', {
    paragraphs: [
      { role: 'title', content: 'Title', spans: [{ offset: 0, length: 5 }] },
      { content: 'Text & <more>', spans: [{ offset: 6, length: 13 }] },
    ],
    tables: [PRICES],
  }),
  flowPage('Page two', null, { pageNumber: 2 }),
  flowPage('', { tables: [SECOND] }, { pageNumber: 3 }),
]

test('Markdown and text, page by page, under the name of the document', async () => {
  const id = await addResult(api, 'Relatório 2.pdf', PDF, PAGES)
  const response = await get(id, 'md')
  expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="Relat?rio 2.md"; filename*=UTF-8''Relat%C3%B3rio%202.md`,
  )
  const parts = (await response.text()).split('\n<!-- PageBreak -->\n\n')
  expect(parts[0]).toMatch(/^# Title\n\nText & \\<more>\n\n<table>\n<tr>\n<th>Item<\/th>/)
  expect(parts[1]).toBe('Page two\n')
  expect(parts[2]).toMatch(/^<table>/)
  expect(await textOf(id, 'txt')).toBe('Title\nText & <more>\n\fPage two\n\f\n\f')
})

test('what the provider wrote as Markdown is taken as it is, and its lines as text', async () => {
  const line = { content: 'Sales', spans: [{ offset: 2, length: 5 }] }
  const pages = [
    flowPage('# Sales\n\n<!-- PageBreak -->\n', null, { lines: [line] }),
    flowPage('| a |', null, { pageNumber: 2 }),
  ]
  const header = {
    ...{ apiVersion: '2024-11-30', modelId: 'x', stringIndexType: 'utf16CodeUnit' as const },
    contentFormat: 'markdown',
  }
  const id = await addResult(api, 'a.pdf', PDF, pages, header)
  expect(await textOf(id, 'md')).toBe('# Sales\n\n<!-- PageBreak -->\n\n| a |\n')
  expect(await textOf(id, 'txt')).toBe('Sales\n\f| a |\n\f')
})

test('the tables as CSV: all of them, or one; nothing of it becomes a formula', async () => {
  const id = await addResult(api, 'a.pdf', PDF, PAGES)
  const first = [
    'Item,"Price, ""net""",',
    '"Tea\nhot","1,234.50",☒',
    `,"-12,5","'=HYPERLINK(""http://evil.example"",""Total"")"`,
  ].join('\r\n')
  const second = ["+3 %,'@cmd", "007,'-2+cmd|x"].join('\r\n')
  expect(await textOf(id, 'csv')).toBe(`\uFEFF${first}\r\n\r\n${second}\r\n`)
  expect(await textOf(id, 'csv', '?table=2')).toBe(`\uFEFF${second}\r\n`)
  const response = await get(id, 'csv', '?table=2', { method: 'HEAD' })
  expect(response.headers.get('content-disposition')).toBe('attachment; filename=a.table-2.csv')
  expect(await (await get(id, 'csv', '?table=3')).json()).toMatchObject({ status: 404, code: 'table_not_found' })
  expect(await (await get(id, 'xlsx', '?table=1')).json()).toMatchObject({ status: 400, code: 'invalid_request' })
})

async function workbookOf(id: string) {
  const response = await get(id, 'xlsx')
  expect(response.status).toBe(200)
  const bytes = Buffer.from(await response.arrayBuffer())
  const parts = Object.entries(unzipSync(new Uint8Array(bytes))).map(([name, part]) => [name, strFromU8(part)] as const)
  for (const [, xml] of parts) new SaxesParser({ xmlns: true }).write(xml).close()
  return { bytes, parts: Object.fromEntries(parts) as Record<string, string> }
}

test('a workbook has a sheet for each table: spans merged, numbers numbers, header cells bold', async () => {
  const { bytes, parts } = await workbookOf(await addResult(api, 'a.pdf', PDF, PAGES))
  expect(parts['xl/workbook.xml']).toMatch(/name="Table 1, page 1".*name="Table 2, page 3"/)
  const sheet = parts['xl/worksheets/sheet1.xml']
  expect(sheet).toContain('<mergeCells><mergeCell ref="B1:C1"/><mergeCell ref="A2:A3"/></mergeCells>')
  expect(sheet).toContain('<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve">Item</t></is></c>')
  expect(sheet).toContain('<c r="B2" s="5"><v>1234.5</v></c>')
  expect(sheet).toContain('<c r="B3" s="0"><v>-12.5</v></c>')
  expect(sheet).not.toContain('<f>')
  const MIME = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const [first, second] = await reading.read(bytes, MIME)
  const cellsOf = (page: typeof first) => page?.parts?.tables?.[0]?.cells.map(({ content }) => content)
  expect(cellsOf(first)?.filter((text) => text !== '')).toEqual([
    ...['Item', 'Price, "net"', 'Tea\nhot', '1,234.50', '☒', '-12.5', '=HYPERLINK("http://evil.example","Total")'],
  ])
  expect(cellsOf(second)).toEqual(['+3 %', '@cmd', '007', '-2+cmd|x'])
})

test('fields and key-value pairs have sheets of their own', async () => {
  const documents = [
    {
      ...{ docType: 'invoice', spans: [], confidence: 1 },
      boundingRegions: [{ pageNumber: 1, polygon: [0, 0, 1, 0, 1, 1, 0, 1] }],
      fields: {
        Total: {
          type: 'currency',
          valueCurrency: { amount: 12.5, currencyCode: 'BRL' },
          content: 'R$ 12,50',
          confidence: 0.9,
        },
        Items: {
          type: 'array',
          valueArray: [{ type: 'object', valueObject: { Name: { type: 'string', valueString: 'Tea' } } }],
        },
        DueDate: { type: 'date' },
      },
    },
  ]
  const keyValuePairs = [{ key: { content: 'Fax', spans: [] }, confidence: 0.5 }]
  const { parts } = await workbookOf(await addResult(api, 'a.pdf', PDF, [flowPage('x', { documents, keyValuePairs })]))
  const textsOf = (xml = '') => [...xml.matchAll(/<(?:t[^>]*|v)>([^<]*)</g)].map(([, text]) => text)
  expect(textsOf(parts['xl/worksheets/sheet1.xml']).slice(7)).toEqual([
    ...['1', 'invoice', 'Items[0].Name', 'Tea'],
    ...['1', 'invoice', 'Total', '12.5', 'BRL', 'R$ 12,50', '0.9'],
    ...['1', 'invoice', 'DueDate'],
  ])
  expect(textsOf(parts['xl/worksheets/sheet2.xml'])).toEqual(['Page', 'Key', 'Value', 'Confidence', '1', 'Fax', '0.5'])
})

test('what there is to export is told, and what is not there has one code', async () => {
  const id = await addResult(api, 'a.txt', Buffer.from('only text'), [flowPage('only text')])
  const list = ExportList.parse(await (await fetch(`${api.url}/documents/${id}/exports`)).json())
  expect(list.tables).toBe(0)
  expect(list.exports.map(({ format, available }) => [format, available])).toEqual([
    ...[
      ['pdf', false],
      ['md', true],
      ['txt', true],
      ['xlsx', false],
      ['csv', false],
      ['json', true],
    ],
  ])
  expect(list.exports[0]).toMatchObject({ filename: 'a.searchable.pdf', content_type: 'application/pdf' })
  for (const format of ['pdf', 'xlsx', 'csv'] as const) {
    const response = await get(id, format)
    expect(await response.json()).toMatchObject({ status: 422, code: 'export_unavailable' })
    expect(response.headers.get('content-disposition')).toBeNull()
  }
  expect(await textOf(id, 'json')).toBe(await (await fetch(`${api.url}/documents/${id}/result`)).text())
  expect(await (await get(id, 'doc' as ExportFormat)).json()).toMatchObject({ status: 400, code: 'invalid_request' })
})

test('there is nothing before the document is COMPLETED', async () => {
  const [document] = await upload(api.url, { 'a.pdf': PDF })
  expect(await (await get((document as Document).id, 'md')).json()).toMatchObject({
    status: 409,
    code: 'result_not_ready',
  })
  expect(await (await get('00000000-0000-7000-8000-000000000000', 'md')).json()).toMatchObject({
    code: 'document_not_found',
  })
})
