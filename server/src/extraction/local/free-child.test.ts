import { describe, expect, test } from 'vitest'
import { untilGone, useMisbehavingExtractor } from '../../../test/misbehaving-extractor.ts'
import type { ExtractedPage } from '../extractor.ts'

/** Reading is done before what was read is stored. */

const { create, begin } = useMisbehavingExtractor()

describe('a child that is done is free while what it has read is being stored', () => {
  /** A document whose child is done, and whose only page is being stored until that is let go. */
  const beingStored = (signal?: AbortSignal) => {
    const stored = Promise.withResolvers<void>()
    const read = Promise.withResolvers<number>()
    const onPage = async ({ content }: ExtractedPage) => {
      read.resolve(Number(content))
      await stored.promise
    }
    const ending = Promise.withResolvers<void>()
    const done = begin('early-say-all-at-once', { onPage, onEnding: ending.resolve }, signal)
    return { done, stored, pid: Promise.all([read.promise, ending.promise]).then(([pid]) => pid) }
  }

  test('for the next document, whose pages are its own', async () => {
    create()
    const { done, stored, pid } = beingStored()
    expect(await begin('good/3')).toMatchObject({ pid: await pid, pages: [{}, {}, {}] })
    stored.resolve()
    await expect(done).resolves.toMatchObject({ step: { kind: 'done' } })
    expect(await begin('good')).toMatchObject({ pid: await pid })
  })

  test('and is not killed because that fails', async () => {
    create()
    const { done, stored, pid } = beingStored()
    await pid
    stored.reject(new Error('no room'))
    await expect(done).rejects.toThrow('no room')
    expect(await begin('good')).toMatchObject({ pid: await pid })
  })

  test('nor because that is broken off', async () => {
    create()
    const abort = new AbortController()
    const { done, stored, pid } = beingStored(abort.signal)
    await pid
    abort.abort(new Error('stopped by the test'))
    await expect(done).rejects.toThrow('stopped by the test')
    expect(await begin('good')).toMatchObject({ pid: await pid })
    stored.resolve()
  })

  test("and what has become of it since is not the document's fault", async () => {
    create()
    const { done, stored, pid } = beingStored()
    process.kill(await pid, 'SIGKILL')
    await untilGone(await pid)
    stored.resolve()
    await expect(done).resolves.toMatchObject({ step: { kind: 'done' } })
  })
})

test('that a document ends is told once, and not before its child says so', async () => {
  create()
  const told: string[] = []
  const onPage = async ({ page }: ExtractedPage) => void told.push(`page ${page.pageNumber}`)
  await begin('end-soon@2/3', { onPage, onEnding: () => void told.push('ending') })
  expect(told).toEqual(['page 1', 'ending', 'page 2', 'page 3'])
})

test('no page is handed over before it is known how many there are', async () => {
  create()
  const told: string[] = []
  const onOpened = async () => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    told.push('opened')
  }
  const onPage = async () => void told.push('page')
  await begin('early-say-all-at-once', { onOpened, onPage })
  expect(told).toEqual(['opened', 'page'])
})

test('what is being stored has the total time that a document may take', async () => {
  create({ totalTimeoutMs: 1_000 })
  const stored = Promise.withResolvers<void>()
  const onPage = () => stored.promise
  const outcome = begin('early-say-all-at-once', { onPage }).catch((error: Error) => error)
  setTimeout(stored.resolve, 2_000)
  expect(await outcome).toMatchObject({ code: 'document_timeout' })
  expect(await begin('good')).toMatchObject({ pages: [{}, {}] })
})
