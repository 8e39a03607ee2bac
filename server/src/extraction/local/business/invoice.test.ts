import { expect, test } from 'vitest'
import { type Drawing, drawTable } from '../../../../test/drawn-pdf.ts'
import { fieldValue, readPaper, valuesOf } from '../../../../test/read-business-paper.ts'
import { useScratch } from '../../../../test/scratch.ts'

const scratch = useScratch()

const readInvoice = async (...pages: ((drawing: Drawing) => void)[]) => {
  const { pages: read, documents } = await readPaper(scratch.folder, 'prebuilt-invoice', ...pages)
  return { page: read[0], documents, values: documents[0] ? valuesOf(documents[0]) : {} }
}

const linesAt = (drawing: Drawing, x: number, y: number, ...lines: string[]) => {
  for (const [index, line] of lines.entries()) drawing.text(line, x, y + index * 14)
}

const american = (drawing: Drawing) => {
  drawing.text('Fabrikam Inc.', 50, 60, { size: 18, bold: true })
  linesAt(drawing, 50, 80, '214 Maple Street', 'Portland, OR 97205')
  drawing.text('INVOICE', 450, 60, { size: 18, bold: true })
  linesAt(drawing, 380, 130, 'Invoice No: INV-204', 'Invoice Date: 03/04/2024', 'Due Date: 04/03/2024')
  linesAt(drawing, 50, 130, 'Bill To:', 'Northwind Traders LLC', '88 Industrial Way', 'Austin, TX 78701')
  const rows = [
    ['Description', 'Qty', 'Unit Price', 'Amount'],
    ['Steel brackets', '4', '25.00', '100.00'],
    ['Labour', '1', '50.00', '50.00'],
  ]
  const end = drawTable(drawing, { columns: [220, 60, 90, 90], rows, y: 220 }, 'grid')
  for (const [index, [label, value]] of [
    ['Subtotal', '$150.00'],
    ['Sales Tax (8%)', '$12.00'],
    ['Total', '$162.00'],
  ].entries()) {
    drawing.text(label as string, 330, end + 30 + index * 16)
    drawing.text(value as string, 470, end + 30 + index * 16)
  }
}

test('an invoice says who, whom, which, when and how much, in Azure’s names', async () => {
  const { values, documents } = await readInvoice(american)
  expect(values).toEqual({
    VendorName: 'Fabrikam Inc.',
    CustomerName: 'Northwind Traders LLC',
    InvoiceId: 'INV-204',
    InvoiceDate: '2024-03-04',
    DueDate: '2024-04-03',
    SubTotal: 150,
    TotalTax: 12,
    InvoiceTotal: 162,
  })
  const { fields } = documents[0] ?? {}
  expect(documents[0]).toMatchObject({ docType: 'invoice', boundingRegions: [{ pageNumber: 1 }] })
  expect(fields?.InvoiceTotal?.valueCurrency).toEqual({ amount: 162, currencySymbol: '$', currencyCode: 'USD' })
  expect(fields?.CustomerAddress?.content).toBe('88 Industrial Way\nAustin, TX 78701')
  expect(fields?.Items?.valueArray?.map(({ valueObject = {} }) => Object.values(valueObject).map(fieldValue))).toEqual([
    ['Steel brackets', 4, 25, 100],
    ['Labour', 1, 50, 50],
  ])
})

test('a field says where it is, in the text and on the page', async () => {
  const { page, documents } = await readInvoice(american)
  const id = documents[0]?.fields?.InvoiceId
  const [span] = id?.spans ?? []
  expect(page?.content.slice(span?.offset, (span?.offset ?? 0) + (span?.length ?? 0))).toBe('INV-204')
  const [x = 0, y = 0] = id?.boundingRegions?.[0]?.polygon ?? []
  expect(x * 72).toBeGreaterThan(430)
  expect(y * 72).toBeCloseTo(122, -1)
})

test('sums that add up are surer than sums that do not, and the confidence says so', async () => {
  const wrong = (drawing: Drawing) => {
    linesAt(drawing, 50, 100, 'Subtotal: $150.00', 'Tax: $12.00', 'Total: $199.00')
  }
  const right = (drawing: Drawing) => {
    linesAt(drawing, 50, 100, 'Subtotal: $150.00', 'Tax: $12.00', 'Total: $162.00')
  }
  const [doubted, sure] = [await readInvoice(wrong), await readInvoice(right)].map(
    ({ documents }) => documents[0]?.fields,
  )
  expect(sure?.SubTotal?.confidence).toBeGreaterThan(0.95)
  expect(doubted?.SubTotal?.confidence).toBeLessThan(0.8)
})

test('a date that may be two days has no value, unless another date of the document tells', async () => {
  const dates = (...lines: string[]) => readInvoice((drawing) => linesAt(drawing, 50, 100, ...lines))
  const alone = await dates('Invoice Date: 03/04/2024', 'Total: 12.00 CAD')
  expect(alone.documents[0]?.fields?.InvoiceDate?.content).toBe('03/04/2024')
  expect(alone.values.InvoiceDate).toBeUndefined()
  const told = await dates('Invoice Date: 03/04/2024', 'Due Date: 25/04/2024', 'Total: 12.00 CAD')
  expect(told.values).toMatchObject({ InvoiceDate: '2024-04-03', DueDate: '2024-04-25' })
  const german = await dates('Rechnungsdatum: 03/04/2024', 'Gesamtbetrag: 12,00 €')
  expect(german.values).toMatchObject({ InvoiceDate: '2024-04-03', InvoiceTotal: 12 })
})

test('labels above their values, in boxes and in a row across the page', async () => {
  const { values } = await readInvoice((drawing) => {
    const rows = [
      ['Nº da fatura', 'Data de emissão', 'Vencimento'],
      ['FT 2024/17', '15/03/2024', '14/04/2024'],
    ]
    drawTable(drawing, { columns: [150, 150, 150], rows, y: 150, rowHeight: 26 }, 'grid')
    linesAt(drawing, 50, 300, 'Total a pagar: 1.234,56 €')
  })
  expect(values).toMatchObject({
    InvoiceId: 'FT 2024/17',
    InvoiceDate: '2024-03-15',
    DueDate: '2024-04-14',
    InvoiceTotal: 1234.56,
  })
})

test('the head of the lines is no label of a sum, and what is carried forward is no total', async () => {
  const { values, documents } = await readInvoice((drawing) => {
    const rows = [
      ['Item', 'Qty', 'Price', 'Total'],
      ['Paint', '2', '10.00', '20.00'],
    ]
    const end = drawTable(drawing, { columns: [220, 60, 90, 90], rows, y: 100 }, 'none')
    drawing.text('Total carried forward', 330, end + 30)
    drawing.text('20.00', 500, end + 30)
  })
  expect(values.InvoiceTotal).toBeUndefined()
  expect(documents[0]?.fields?.Items?.valueArray).toHaveLength(1)
})

test('a text that speaks of totals and dates has no fields', async () => {
  const { documents } = await readInvoice((drawing) => {
    linesAt(
      drawing,
      50,
      100,
      'Total cost of ownership is a matter of the date of purchase.',
      'Invoice processing takes 30 days from the due date on.',
    )
  })
  expect(documents).toEqual([])
})

test('a number, a date or a total that is another one, as its first words say, is not taken', async () => {
  const { values } = await readInvoice((drawing) => {
    linesAt(
      drawing,
      50,
      100,
      'Tel. No.: 555-1234',
      'Serial No.: 98765',
      'Printing Date: 25/03/2024',
      'Room Total: 80.00',
    )
    linesAt(drawing, 50, 170, 'Customer Signature', 'Invoice 1 of 3', 'Total: 120.00 EUR', 'Tax: 20.00 EUR')
  })
  expect(values).toEqual({ InvoiceTotal: 120, TotalTax: 20 })
})
