import type { AnalyzedDocument, DocumentField } from '@adp/contract/result-fields.ts'
import { expect, test } from 'vitest'
import { mergeDocuments } from './merge-documents.ts'

const text = (valueString: string, confidence = 0.9): DocumentField => ({ type: 'string', valueString, confidence })
const money = (amount: number, confidence = 0.9): DocumentField => ({
  type: 'currency',
  valueCurrency: { amount },
  confidence,
})
const lines = (...amounts: number[]): DocumentField => ({
  type: 'array',
  valueArray: amounts.map((amount) => ({ type: 'object', valueObject: { Amount: money(amount) } })),
})

const part = (pageNumber: number, fields: Record<string, DocumentField>, docType = 'invoice'): AnalyzedDocument => ({
  docType,
  fields,
  confidence: 0.9,
  isPagePart: true,
  boundingRegions: [{ pageNumber, polygon: [0, 0, 1, 0, 1, 1, 0, 1] }],
  spans: [{ offset: pageNumber * 100, length: 50 }],
})

const merge = async (...documents: AnalyzedDocument[]) => {
  async function* given() {
    yield* documents
  }
  const merged: AnalyzedDocument[] = []
  for await (const document of mergeDocuments(given())) merged.push(document)
  return merged
}

test('the pages of an invoice are one document: its head from the first, its sums from the last, its lines from all', async () => {
  const [invoice, ...others] = await merge(
    part(1, { InvoiceId: text('A-1'), VendorName: text('Fabrikam'), Items: lines(10, 20), InvoiceTotal: money(30) }),
    part(2, { InvoiceId: text('a-1', 0.8), Items: lines(30), SubTotal: money(60, 0.7), InvoiceTotal: money(72) }),
  )
  expect(others).toEqual([])
  expect(invoice?.isPagePart).toBeUndefined()
  expect(invoice?.fields).toMatchObject({
    InvoiceId: { valueString: 'A-1' },
    VendorName: { valueString: 'Fabrikam' },
    InvoiceTotal: { valueCurrency: { amount: 72 } },
    // Only all lines together make the net.
    SubTotal: { valueCurrency: { amount: 60 }, confidence: 0.97 },
  })
  expect(invoice?.fields?.Items?.valueArray).toHaveLength(3)
  expect(invoice?.boundingRegions?.map(({ pageNumber }) => pageNumber)).toEqual([1, 2])
  expect(invoice?.spans).toEqual([
    { offset: 100, length: 50 },
    { offset: 200, length: 50 },
  ])
})

test('a page with another number begins another invoice; one without a number, or whose number is hardly read, does not', async () => {
  const found = await merge(
    part(1, { InvoiceId: text('A-1') }),
    part(2, { InvoiceTotal: money(5) }),
    part(3, { InvoiceId: text('A-2', 0.55) }),
    part(4, { InvoiceId: text('B-9') }),
  )
  expect(found.map(({ boundingRegions }) => boundingRegions?.map(({ pageNumber }) => pageNumber))).toEqual([
    [1, 2, 3],
    [4],
  ])
})

test('a receipt ends with its total', async () => {
  const found = await merge(
    part(1, { MerchantName: text('Shop') }, 'receipt'),
    part(2, { Total: money(5) }, 'receipt'),
    part(3, { Total: money(7) }, 'receipt'),
  )
  expect(found.map(({ fields }) => fields?.Total?.valueCurrency?.amount)).toEqual([5, 7])
})

test('documents that are whole already stay as they are', async () => {
  const { isPagePart: _, ...whole } = part(2, { InvoiceTotal: money(5) })
  const found = await merge(part(1, { InvoiceTotal: money(4) }), whole, whole, part(3, { InvoiceTotal: money(6) }))
  expect(found.map(({ fields }) => fields?.InvoiceTotal?.valueCurrency?.amount)).toEqual([4, 5, 5, 6])
  expect(found[1]).toBe(whole)
})

test('what goes on for more pages than an invoice has is not held as one', async () => {
  const pages = Array.from({ length: 450 }, (_, index) => part(index + 1, { Items: lines(1) }))
  const merged = await merge(...pages)
  expect(merged.map(({ fields }) => fields?.Items?.valueArray?.length)).toEqual([200, 200, 50])
})
