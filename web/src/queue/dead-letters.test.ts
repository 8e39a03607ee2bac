import type { DeadLetter } from '@adp/contract/queue.ts'
import { expect, test } from 'vitest'
import { joined, withoutDocument } from './dead-letters.ts'

const page = (...ids: string[]) => ({
  dead_letters: ids.map((id) => ({ document_id: id }) as DeadLetter),
  next_cursor: null,
})
const ids = (letters: DeadLetter[]) => letters.map(({ document_id }) => document_id)

test('pages are joined in their order, and what is on two of them stays once', () => {
  expect(ids(joined([page('a', 'b'), page('b', 'c')]))).toEqual(['a', 'b', 'c'])
  expect(joined([])).toEqual([])
})

test('a document is taken out of whatever page it is on', () => {
  expect(ids(joined(withoutDocument([page('a', 'b'), page('c')], 'c')))).toEqual(['a', 'b'])
})
