import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawnPdf } from '../../../../test/drawn-pdf.ts'
import { startLocalReading } from '../../../../test/local-reading.ts'
import { picturesOf } from '../../../../test/picture-of-pdf.ts'
import { valuesOf } from '../../../../test/read-business-paper.ts'

let local: Awaited<ReturnType<typeof startLocalReading>>
beforeAll(async () => {
  local = await startLocalReading()
})
afterAll(() => local.close())

const LINES = [
  'Invoice No: INV-204',
  'Invoice Date: 25 March 2024',
  'Subtotal: $150.00',
  'Tax: $12.00',
  'Total: $162.00',
]

const pdf = () =>
  drawnPdf((drawing) => {
    for (const [index, line] of LINES.entries()) drawing.text(line, 60, 100 + index * 24, { size: 14 })
  })

const FIELDS = {
  InvoiceId: 'INV-204',
  InvoiceDate: '2024-03-25',
  SubTotal: 150,
  TotalTax: 12,
  InvoiceTotal: 162,
}

test('the fields of a PDF come from the child process as they were found there', async () => {
  const [page] = await local.read(await pdf(), 'application/pdf', new Set(), 'prebuilt-invoice')
  expect(page?.parts?.documents?.map(valuesOf)).toEqual([FIELDS])
})

test('a picture has the same fields, less surely, and each within the picture', async () => {
  const [png] = await picturesOf(await pdf(), 150)
  const [page] = await local.read(png as Buffer, 'image/png', new Set(), 'prebuilt-invoice')
  const [invoice] = page?.parts?.documents ?? []
  expect(invoice && valuesOf(invoice)).toEqual(FIELDS)
  const { width = 0, height = 0 } = page?.page ?? {}
  for (const { boundingRegions, confidence } of Object.values(invoice?.fields ?? {})) {
    expect(confidence).toBeLessThan(1)
    const polygon = boundingRegions?.[0]?.polygon ?? []
    expect(Math.max(...polygon.filter((_, index) => index % 2 === 0))).toBeLessThanOrEqual(width)
    expect(Math.max(...polygon.filter((_, index) => index % 2 === 1))).toBeLessThanOrEqual(height)
  }
})
