import { expect, test } from 'vitest'
import { NO_FILTER } from './documents/filter.ts'
import { documentAddress, listAddress, parseRoute, QUEUE_ADDRESS } from './route.ts'

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'

test('an address is read back as it was written', () => {
  expect(parseRoute(QUEUE_ADDRESS)).toEqual({ view: 'queue' })
  expect(parseRoute(documentAddress(id))).toEqual({ view: 'document', id, page: 1, q: '' })
  expect(parseRoute(documentAddress(id, 12))).toEqual({ view: 'document', id, page: 12, q: '' })
  const q = '"50 % off" & -café #1?'
  for (const page of [1, 12])
    expect(parseRoute(documentAddress(id, page, q))).toEqual({ view: 'document', id, page, q })
  for (const filter of [
    NO_FILTER,
    { status: 'PENDING,PROCESSING', filename: '' },
    { status: 'FAILED', filename: 'café & 100% #1?' },
  ])
    expect(parseRoute(listAddress(filter))).toEqual({ view: 'list', filter })
})

test('the address of a filter can be read by people', () => {
  expect(listAddress(NO_FILTER)).toBe('#/')
  expect(listAddress({ status: 'FAILED', filename: 'invoice' })).toBe('#/?status=failed&filename=invoice')
})

test('what is no document is the list, and a filter that the server would refuse is none', () => {
  for (const hash of ['', '#/', '#/documents/7', `#/documents/${id}/pages/0`, `#/documents/${id}/x`, '#/?status=7'])
    expect(parseRoute(hash)).toEqual({ view: 'list', filter: NO_FILTER })
  const filename = 'x'.repeat(300)
  expect(parseRoute(`#/?filename=%00${filename}`)).toMatchObject({ filter: { filename: filename.slice(0, 255) } })
})
