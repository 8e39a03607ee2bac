import { expect, test } from 'vitest'
import type { Drawing } from '../../../../test/drawn-pdf.ts'
import { fieldValue, readPaper, valuesOf } from '../../../../test/read-business-paper.ts'
import { useScratch } from '../../../../test/scratch.ts'

const scratch = useScratch()

const slip =
  (rows: [string, string][]) =>
  (drawing: Drawing): void => {
    drawing.text('Rookwood & Sons Ltd', 70, 40, { size: 13, bold: true })
    for (const [index, line] of [
      '12 High Street',
      'Leeds LS1 4AP',
      'Tel: +44 113 496 0000',
      '25/03/2024 14:05',
    ].entries())
      drawing.text(line, 70, 58 + index * 14)
    for (const [index, [name, price]] of rows.entries()) {
      drawing.text(name, 50, 130 + index * 15)
      drawing.text(price, 280 - drawing.width(price), 130 + index * 15)
    }
  }

const ROWS: [string, string][] = [
  ['2 Coffee', '£6.40'],
  ['Cheese toast', '£5.60'],
  ['Subtotal', '£12.00'],
  ['VAT 20%', '£2.40'],
  ['TOTAL', '£14.40'],
  ['Cash', '£20.00'],
  ['Change', '£5.60'],
]

test('a receipt says where, when, what and how much', async () => {
  const { documents } = await readPaper(scratch.folder, 'prebuilt-receipt', slip(ROWS))
  const [receipt] = documents
  expect(receipt && valuesOf(receipt)).toEqual({
    MerchantName: 'Rookwood & Sons Ltd',
    MerchantPhoneNumber: '+441134960000',
    TransactionDate: '2024-03-25',
    TransactionTime: '14:05:00',
    Subtotal: 12,
    TotalTax: 2.4,
    Total: 14.4,
  })
  expect(receipt?.fields?.Total?.valueCurrency?.currencyCode).toBe('GBP')
  expect(
    receipt?.fields?.Items?.valueArray?.map(({ valueObject = {} }) => Object.values(valueObject).map(fieldValue)),
  ).toEqual([
    ['Coffee', 2, 6.4],
    ['Cheese toast', 5.6],
  ])
})

test('a logo with nothing under it has the address of the same name, and the only telephone is the merchant’s', async () => {
  const { documents } = await readPaper(scratch.folder, 'prebuilt-receipt', (drawing) => {
    drawing.text('Contoso', 120, 50, { size: 24, bold: true })
    for (const [index, line] of ['Contoso', '123 Main Street', 'Redmond, WA 98052'].entries())
      drawing.text(line, 50, 100 + index * 14)
    drawing.text('123-456-7890', 50, 170)
    drawing.text('6/10/2019 13:59', 50, 210)
    drawing.text('Total: $14.50', 50, 240)
  })
  const { MerchantAddress, MerchantPhoneNumber } = documents[0]?.fields ?? {}
  expect(MerchantAddress?.content).toBe('123 Main Street\nRedmond, WA 98052')
  expect(MerchantPhoneNumber?.content).toBe('123-456-7890')
})

test('of two telephones by themselves none is said to be the merchant’s', async () => {
  const withPhones = async (...phones: string[]) => {
    const { documents } = await readPaper(scratch.folder, 'prebuilt-receipt', (drawing) => {
      for (const [index, [name, price]] of ROWS.entries()) drawing.text(`${name} ${price}`, 50, 100 + index * 15)
      for (const [index, phone] of phones.entries()) drawing.text(phone, 50, 300 + index * 40)
    })
    return documents[0]?.fields?.MerchantPhoneNumber?.content
  }
  expect(await withPhones('113-496-0001')).toBe('113-496-0001')
  expect(await withPhones('113-496-0001', '113-496-0002')).toBeUndefined()
})

test('what was given and given back is no line and no total', async () => {
  const { documents } = await readPaper(
    scratch.folder,
    'prebuilt-receipt',
    slip(ROWS.filter(([name]) => name !== 'TOTAL')),
  )
  expect(documents[0]?.fields?.Total).toBeUndefined()
  expect(documents[0]?.fields?.Items?.valueArray).toHaveLength(2)
})

test('lines that do not make the sum are less sure', async () => {
  const sure = (await readPaper(scratch.folder, 'prebuilt-receipt', slip(ROWS))).documents[0]
  const doubted = (await readPaper(scratch.folder, 'prebuilt-receipt', slip(ROWS.slice(1)))).documents[0]
  const confidenceOf = (document: typeof sure) => document?.fields?.Items?.valueArray?.at(-1)?.confidence ?? 0
  expect(confidenceOf(doubted)).toBeLessThan(confidenceOf(sure) - 0.2)
})
