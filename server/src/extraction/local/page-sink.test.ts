import { expect, test } from 'vitest'
import type { Emitter } from './emitter.ts'
import { composePage } from './layout.ts'
import { createPageSink } from './page-sink.ts'

const page = (pageNumber: number) => composePage([], { pageNumber, width: 1, height: 1, unit: 'inch', turns: 0 })

const createRecorder = () => {
  const [pages, warnings]: [number[], number[]] = [[], []]
  const emitter: Emitter = {
    opened: async () => {},
    page: async ({ page: { pageNumber } }) => void pages.push(pageNumber),
    attachment: async () => {},
    frames: () => {},
    progress: () => {},
    warning: (pageNumber) => void warnings.push(pageNumber),
  }
  return { emitter, pages, warnings }
}

test('an unreadable page takes its place among readable ones', async () => {
  const { emitter, pages, warnings } = createRecorder()
  const sink = createPageSink(emitter, 0)
  sink.addUnreadable(page(1), 'broken')
  expect(pages).toEqual([])
  await sink.add(page(2))
  sink.addUnreadable(page(3), 'broken')
  await sink.end()
  expect(pages).toEqual([1, 2, 3])
  expect(warnings).toEqual([1, 3])
})

test('a document without a readable page leaves none', async () => {
  const { emitter, pages } = createRecorder()
  const sink = createPageSink(emitter, 0)
  sink.addUnreadable(page(1), 'broken')
  await expect(sink.end()).rejects.toMatchObject({ code: 'no_readable_page' })
  expect(pages).toEqual([])
})

test('pages that an earlier attempt could read count', async () => {
  const { emitter, pages } = createRecorder()
  const sink = createPageSink(emitter, 1)
  sink.addUnreadable(page(2), 'broken')
  await sink.end()
  expect(pages).toEqual([2])
})
