import { expect, test } from 'vitest'
import { documentAddress, parseRoute } from './route.ts'

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'

test('an address is read back as it was written', () => {
  expect(parseRoute(documentAddress(id))).toEqual({ view: 'document', id, page: 1 })
  expect(parseRoute(documentAddress(id, 12))).toEqual({ view: 'document', id, page: 12 })
})

test('what is no document is the list', () => {
  for (const hash of ['', '#/', '#/documents/7', `#/documents/${id}/pages/0`, `#/documents/${id}/x`])
    expect(parseRoute(hash)).toEqual({ view: 'list' })
})
