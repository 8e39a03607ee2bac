import { expect, test } from 'vitest'
import { valuesOf } from '../../../../test/read-business-paper.ts'
import type { LocallyReadPage } from '../local-page.ts'
import { withDocument } from './find-in-flow.ts'

const LINES = [
  'Fabrikam Inc.',
  '214 Maple Street, Portland, OR 97205',
  'INVOICE',
  'Invoice No.\tINV-204',
  'Invoice Date\t03/14/2024',
  'Bill To:',
  'Northwind Traders LLC',
  'Description\tQty\tUnit Price\tAmount',
  'Steel brackets, large\t4\t25.00\t100.00',
  'Labour\t1\t50.00\t50.00',
  'Subtotal\t\t\t$150.00',
  'Sales Tax\t\t\t$12.00',
  'Total\t\t\t$162.00',
]

const page = (content: string): LocallyReadPage => ({
  content,
  page: { pageNumber: 1, spans: [{ offset: 0, length: content.length }] },
  parts: null,
})

test('an invoice without a layout, as of Office or a mail, has its fields in its text, and no place on a page', () => {
  const { content, parts } = withDocument(page(LINES.join('\n')), 'prebuilt-invoice')
  const [invoice] = parts?.documents ?? []
  expect(invoice && valuesOf(invoice)).toEqual({
    VendorName: 'Fabrikam Inc.',
    CustomerName: 'Northwind Traders LLC',
    InvoiceId: 'INV-204',
    InvoiceDate: '2024-03-14',
    SubTotal: 150,
    TotalTax: 12,
    InvoiceTotal: 162,
  })
  expect(invoice?.fields?.Items?.valueArray?.map(({ valueObject }) => valueObject?.Description?.valueString)).toEqual([
    'Steel brackets, large',
    'Labour',
  ])
  expect(invoice?.boundingRegions).toBeUndefined()
  const [span] = invoice?.fields?.InvoiceTotal?.spans ?? []
  expect(content.slice(span?.offset, (span?.offset ?? 0) + (span?.length ?? 0))).toBe('$162.00')
})

test('other models look for no fields, and another text has none', () => {
  expect(withDocument(page(LINES.join('\n')), 'prebuilt-layout').parts).toBeNull()
  expect(withDocument(page('Dear all,\nthe total of what we know is little.'), 'prebuilt-invoice').parts).toBeNull()
  expect(withDocument(page(''), 'prebuilt-receipt').parts).toBeNull()
})
