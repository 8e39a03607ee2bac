import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markOf, parseAmount } from './amount.ts'

const amounts = (mark: '.' | ',' | null, ...texts: string[]) => texts.map((text) => parseAmount(text, mark)?.amount)

test('an amount is read with the marks of any country', () => {
  expect(amounts(null, '1,234.56', '1.234,56', "1'234.50", '1 234,56', '12,5', '0.99', '1,23,456.78', '1500')).toEqual([
    1234.56, 1234.56, 1234.5, 1234.56, 12.5, 0.99, 123456.78, 1500,
  ])
})

test('an amount has its currency before or behind it, and its sign before, behind or as brackets', () => {
  expect(parseAmount('R$ 1.234,56', null)).toMatchObject({ amount: 1234.56, currency: { symbol: 'R$', code: 'BRL' } })
  expect(parseAmount('1.234,56 €', null)).toMatchObject({ amount: 1234.56, currency: { symbol: '€', code: 'EUR' } })
  expect(parseAmount('USD 12.00', null)?.currency).toEqual({ code: 'USD' })
  expect(parseAmount('$12.00 CAD', null)?.currency).toEqual({ symbol: '$', code: 'CAD' })
  expect(parseAmount('50,00 EURO', null)?.currency?.code).toBe('EUR')
  expect(amounts(null, '-$5.00', '$-5.00', '5,00-', '(5.00)', '−5,00 €', '120,-')).toEqual([-5, -5, -5, -5, -5, 120])
})

test('three digits after the only mark are thousands, unless the document writes decimals with it; both are doubted', () => {
  expect(parseAmount('3.500', null)).toMatchObject({ amount: 3500, sure: false })
  expect(parseAmount('3.500', ',')).toMatchObject({ amount: 3500, sure: true })
  expect(parseAmount('3.500', '.')).toMatchObject({ amount: 3.5, sure: false })
})

test('what is no amount is none', () => {
  const texts = [
    '20%',
    '12/05/2024',
    '01.02.2024',
    '+49 30 1234',
    'A123',
    '5 pcs',
    '1.2.3',
    '1,2345,678',
    '(5.00',
    '',
    '€',
  ]
  expect(amounts(null, ...texts)).toEqual(texts.map(() => undefined))
})

test('two decimals tell the mark, a date does not', () => {
  expect([markOf('1.234,56'), markOf('$12.00'), markOf('3.500'), markOf('1500')]).toEqual([',', '.', null, null])
})

test('an amount that a country wrote is read as it was meant', () => {
  const styles = fc.constantFrom([',', '.'] as const, ['.', ','] as const, [' ', ','] as const, ["'", '.'] as const)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_99 }), styles, (cents, [group, mark]) => {
      const [whole = '', decimals = ''] = (cents / 100).toFixed(2).split('.')
      const text = `${whole.replace(/\B(?=(\d{3})+$)/g, group)}${mark}${decimals}`
      expect(parseAmount(text, null)).toMatchObject({ amount: cents / 100, sure: true })
    }),
  )
})
