import { expect, test } from 'vitest'
import { checkTotals, withTotalFromDue } from './totals.ts'
import type { FoundAmount } from './values.ts'

const found = (amount: number, confidence = 0.9): FoundAmount => ({
  value: { amount, currency: null, sure: true, plain: false },
  tokens: [],
  confidence,
})

const confidences = (totals: ReturnType<typeof checkTotals>) =>
  Object.fromEntries(Object.entries(totals).map(([name, one]) => [name, Math.round(one.confidence * 100)]))

test('net and tax that make the total confirm each other; a discount and charges may come between', () => {
  const sums = { subtotal: found(100), tax: found(20), total: found(120) }
  expect(confidences(checkTotals(sums, []))).toEqual({ subtotal: 99, tax: 99, total: 99 })
  const { subtotal, ...others } = checkTotals({ ...sums, discount: found(-10), extra: found(5), total: found(115) }, [])
  expect([subtotal?.confidence, others.total?.confidence].every((one) => (one ?? 0) > 0.95)).toBe(true)
})

test('a total that is not made is doubted on a scan, and a net that the lines make is not', () => {
  const sums = { subtotal: found(100), tax: found(20), total: found(190) }
  expect(confidences(checkTotals(sums, []))).toEqual({ subtotal: 68, tax: 68, total: 90 })
  const scanned = checkTotals(sums, [60, 40], true)
  expect(scanned.subtotal?.confidence).toBeGreaterThan(0.9)
  expect(scanned.total?.confidence).toBeLessThan(0.6)
})

test('what is due is the total where nothing was paid or owed before', () => {
  expect(withTotalFromDue({ due: found(50) }).total?.value.amount).toBe(50)
  expect(withTotalFromDue({ due: found(50), paid: found(10) }).total).toBeUndefined()
  expect(withTotalFromDue({ due: found(50), previous: found(10) }).total).toBeUndefined()
})
