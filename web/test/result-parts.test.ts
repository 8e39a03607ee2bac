import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { Document } from '@adp/contract/document.ts'
import type { DocumentField } from '@adp/contract/result-fields.ts'
import type { TableCell } from '@adp/contract/result-tables.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textPdf } from '../../server/test/fixtures.ts'
import { type Product, startProduct } from '../../server/test/product.ts'
import { upload, waitForJob } from '../../server/test/run-start.ts'
import { launchBrowser } from '../../test/browser.ts'
import { contextOf, expectFine, looks, openPage } from './driver.ts'

let product: Product
let browser: Browser
let invoice: Document

beforeAll(async () => {
  product = await startProduct()
  browser = await launchBrowser()
  invoice = (await upload(product.url, { 'invoice.pdf': await textPdf(['Invoice']) }))[0] as Document
  await waitForJob(product.url, invoice.id)
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const cell = (rowIndex: number, columnIndex: number, content: string, more: Partial<TableCell> = {}): TableCell => ({
  rowIndex,
  columnIndex,
  content,
  spans: [],
  ...more,
})

const cells = [
  cell(0, 0, '', { kind: 'stubHead' }),
  cell(0, 1, 'Amounts', { kind: 'columnHeader', columnSpan: 2 }),
  cell(1, 0, 'Tea', { kind: 'rowHeader', rowSpan: 2 }),
  cell(1, 1, '12'),
  cell(1, 2, '13'),
  cell(2, 2, '14'),
]

const wide = Array.from({ length: 30 }, (_, column) => cell(0, column, `column ${column}`))

const item = (name: string, amount: number): DocumentField => ({
  type: 'object',
  valueObject: {
    Description: { type: 'string', valueString: name, confidence: 0.91 },
    Amount: { type: 'currency', valueCurrency: { amount, currencyCode: 'BRL' } },
  },
})

/** A page as the provider reads it. */
const result: AnalyzeResult = {
  apiVersion: '2024-11-30',
  modelId: 'prebuilt-invoice',
  stringIndexType: 'utf16CodeUnit',
  content: 'Invoice',
  pages: [
    {
      pageNumber: 1,
      width: 8.5,
      height: 11,
      unit: 'inch',
      spans: [{ offset: 0, length: 7 }],
      words: [
        { content: 'Invoice', polygon: [1, 1, 2, 1, 2, 1.2, 1, 1.2], span: { offset: 0, length: 7 }, confidence: 0.5 },
      ],
      selectionMarks: [
        { state: 'selected', polygon: [1, 2, 1.2, 2, 1.2, 2.2, 1, 2.2], span: { offset: 0, length: 0 }, confidence: 1 },
        {
          state: 'unselected',
          polygon: [1, 3, 1.2, 3, 1.2, 3.2, 1, 3.2],
          span: { offset: 0, length: 0 },
          confidence: 1,
        },
      ],
    },
  ],
  tables: [
    {
      rowCount: 3,
      columnCount: 3,
      cells,
      spans: [],
      caption: { content: 'What was drunk', spans: [] },
      footnotes: [{ content: 'Without milk', spans: [] }],
    },
    { rowCount: 1, columnCount: 30, cells: wide, spans: [] },
    { rowCount: 1, columnCount: 1, cells: [cell(0, 0, 'alone', { kind: 'columnHeader' })], spans: [] },
  ],
  keyValuePairs: [
    { key: { content: 'Customer', spans: [] }, value: { content: 'Contoso', spans: [] }, confidence: 0.87 },
    { key: { content: 'Fax', spans: [] }, confidence: 0.5 },
  ],
  documents: [
    {
      docType: 'invoice',
      spans: [],
      confidence: 1,
      fields: {
        InvoiceDate: { type: 'date', valueDate: '2026-11-03', confidence: 0.98 },
        Items: { type: 'array', valueArray: [item('Tea', 12), item('Coffee', 1300)] },
        DueDate: { type: 'date' },
      },
    },
  ],
}

const office: AnalyzeResult = {
  ...result,
  pages: [
    {
      pageNumber: 1,
      spans: [{ offset: 0, length: 7 }],
      words: [{ content: 'Invoice', span: { offset: 0, length: 7 }, confidence: 1 }],
    },
  ],
}

async function openResult(shown: AnalyzeResult, look = {}) {
  const opened = await openPage(browser, product.url, look)
  await opened.page.route('**/pages/1', (route) => route.fulfill({ json: shown }))
  await opened.page.goto(`${product.url}#/documents/${invoice.id}`)
  await opened.page.locator('.page-text').waitFor()
  return opened
}

test.each(looks)(
  'axe finds nothing in tables and fields, and nothing sticks out: $locale, $colorScheme, $width pixels wide',
  async (look) => {
    for (const shown of [result, office]) {
      const { page, faults, close } = await openResult(shown, contextOf(look))
      await page.locator('.found-table').first().waitFor()
      await expectFine(page, 'tables and fields')
      expect(faults).toEqual([])
      await close()
    }
  },
)

test('a table is one, with its spans, its headers and its caption', async () => {
  const { page, close } = await openResult(result)
  const table = page.getByRole('table', { name: 'What was drunk' })
  const rows = await table
    .locator('tr')
    .evaluateAll((all) =>
      all.map((tr) =>
        [...tr.children].map(
          (each) =>
            `${each.tagName} ${(each as HTMLTableCellElement).rowSpan}×${(each as HTMLTableCellElement).colSpan} ${each.textContent}`,
        ),
      ),
    )
  expect(rows).toEqual([
    ['TD 1×1 ', 'TH 1×2 Amounts'],
    ['TH 2×1 Tea', 'TD 1×1 12', 'TD 1×1 13'],
    ['TD 1×1 ', 'TD 1×1 14'],
  ])
  expect(await table.getByRole('columnheader').textContent()).toBe('Amounts')
  expect(await table.getByRole('rowheader').textContent()).toBe('Tea')
  expect(await page.getByText('Without milk').isVisible()).toBe(true)
  expect(await page.getByRole('table', { name: 'Table 2' }).locator('td').count()).toBe(30)
  await close()
})

const pairs = (page: Page, section: string) =>
  page
    .getByRole('region', { name: section })
    .locator(':scope > dl > div')
    .evaluateAll((all) => all.map((each) => [...each.children].map((child) => child.textContent?.trim())))

test('keys and values, and fields with their parts, are written as the language has it', async () => {
  const { page, close } = await openResult(result, { locale: 'pt-BR' })
  expect(await pairs(page, 'Chaves e valores')).toEqual([
    ['Customer', 'Contoso 87% de certeza'],
    ['Fax', 'não encontrado 50% de certeza'],
  ])
  expect(await pairs(page, 'invoice')).toEqual([
    ['DueDate', 'não encontrado'],
    ['InvoiceDate', '3 de nov. de 2026 98% de certeza'],
    ['Items', expect.stringContaining('Coffee')],
  ])
  expect(await page.locator('.pairs li').last().innerText()).toMatch(/Amount\s+R\$\s1\.300,00\s+Description\s+Coffee/s)
  await close()
})

test('marks are drawn, ticked or not; without a layout there is no drawing, but text and tables', async () => {
  const drawn = await openResult(result)
  expect(await drawn.page.locator('.page-drawing .mark title').allTextContents()).toEqual(['selected', 'not selected'])
  expect(await drawn.page.locator('.page-drawing .mark path').count()).toBe(1)
  await drawn.close()
  const { page, close } = await openResult(office)
  expect(await page.locator('.page-drawing').count()).toBe(0)
  expect(await page.locator('.page-text').textContent()).toBe('Invoice')
  expect(await page.getByRole('table').count()).toBe(3)
  await close()
})
