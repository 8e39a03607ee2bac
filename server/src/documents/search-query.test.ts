import { expect, test } from 'vitest'
import { parseQuery } from './search-query.ts'

test.each([
  ['Total amount', [{ wanted: [['total'], ['amount']], unwanted: [] }]],
  ['"Total amount" -paid -"in full"', [{ wanted: [['total', 'amount']], unwanted: [['paid'], ['in', 'full']] }]],
  ['a or b OR "or"', [[['a']], [['b']], [['or']]].map((wanted) => ({ wanted, unwanted: [] }))],
  ['INV-2024/17', [{ wanted: [['inv', '2024', '17']], unwanted: [] }]],
  ['"never closed', [{ wanted: [['never', 'closed']], unwanted: [] }]],
  ['or a or', [{ wanted: [['a']], unwanted: [] }]],
  ['a or -b', [{ wanted: [['a']], unwanted: [] }]],
  ['- -- "" -"" & ! ()', []],
  ['half \ud800', [{ wanted: [['half'], ['\ufffd']], unwanted: [] }]],
])('%s', (text, alternatives) => {
  expect(parseQuery(text)).toEqual(alternatives)
})
