import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import type { ErrorCode } from '@adp/contract/errors.ts'
import { describe, expect, test } from 'vitest'
import { untilGone, useMisbehavingExtractor } from '../../../test/misbehaving-extractor.ts'
import { type ExtractedPage, ExtractionError } from '../extractor.ts'
import { createLocalExtractor, type LocalExtractorOptions } from './local-extractor.ts'
import { withoutNetwork } from './no-network.ts'

const { create, begin, extractor } = useMisbehavingExtractor()

test('a model of somebody else is refused before anything is read; another one than the default is told', async () => {
  create()
  const told: string[] = []
  const events = {
    onOpened: async () => {},
    onPage: async () => {},
    onHeader: async (header: ResultHeader) => void told.push(header.modelId),
  }
  const { signal } = new AbortController()
  const input = { path: 'good', contentType: 'application/pdf', pagesDone: new Set<number>() } as const
  const failure = await failureOf(
    extractor().begin({ ...input, options: { model: 'prebuilt-check.us' } }, events, signal),
  )
  expect(failure.code).toBe('model_not_found')
  await extractor().begin({ ...input, options: { model: 'prebuilt-read' } }, events, signal)
  await extractor().begin({ ...input, options: { model: 'prebuilt-layout' } }, events, signal)
  expect(told).toEqual(['prebuilt-layout'])
})

const failureOf = async (promise: Promise<unknown>): Promise<{ code: ErrorCode; message: string }> => {
  const error = await promise.then(
    () => expect.unreachable(),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ExtractionError)) throw error
  return { code: error.code, message: error.message }
}

/** The process id of the child, told by its first page. */
const pidSeen = (also: (page: ExtractedPage) => Promise<void> = async () => {}) => {
  const seen = { pid: 0 }
  const onPage = async (page: ExtractedPage) => {
    seen.pid = Number(page.content)
    await also(page)
  }
  return { seen, onPage }
}

test('a page that is being stored when its child dies is stored before others are read, and not read again', async () => {
  create()
  const pages: number[] = []
  const onPage = async ({ content, page }: ExtractedPage) => {
    if (page.pageNumber === 2) await untilGone(Number(content))
    pages.push(page.pageNumber)
  }
  await begin('die-after-page@2/3', { onPage })
  expect(pages).toEqual([1, 2, 3])
})

test('pages are handed over in order and the child is kept for the next document', async () => {
  create()
  const first = await begin('good')
  const second = await begin('good')
  expect(first.step).toEqual({ kind: 'done' })
  expect(first.pages.map(({ page }) => page.pageNumber)).toEqual([1, 2])
  expect(second.pid).toBe(first.pid)
})

test('a child is replaced after so many pages', async () => {
  create({ recycleAfterPages: 3 })
  const pids = [await begin('good'), await begin('good'), await begin('good')].map(({ pid }) => pid)
  expect(pids[1]).toBe(pids[0])
  expect(pids[2]).not.toBe(pids[0])
})

describe('a child that dies', () => {
  test.each([
    ['exit@1/1', /exited with code 3 on page 1 of 1.*terribly wrong/],
    ['segfault@1/1', /killed by SIGSEGV on page 1 of 1/],
    ['throw@1/1', /exited with code 1 on page 1 of 1.*nobody caught this/s],
    ['early-exit', /exited with code 3 while opening the document/],
  ])('%s', async (misdeed, message) => {
    create()
    expect(await failureOf(begin(misdeed))).toEqual({ code: 'parser_crashed', message: expect.stringMatching(message) })
    expect((await begin('good')).pages).toHaveLength(2)
  })

  test('of a full heap exceeded its memory', async () => {
    create({ memoryBytes: 512 * 2 ** 20 })
    expect(await failureOf(begin('fill-heap@1/1'))).toEqual({
      code: 'memory_exceeded',
      message: expect.stringMatching(/heap out of memory|512 MB allowed/),
    })
  })

  test('while idle is replaced', async () => {
    create()
    const { seen, onPage } = pidSeen()
    await begin('die-idle', { onPage })
    await untilGone(seen.pid)
    const { pid } = await begin('good')
    expect(pid).not.toBe(seen.pid)
  })

  test('because its program does not exist', async () => {
    create({ childPath: '/does/not/exist.ts' })
    expect((await failureOf(begin('good'))).code).toBe('parser_crashed')
  })
})

describe('a child that is killed', () => {
  test('for its memory', async () => {
    create({ memoryBytes: 300 * 2 ** 20 })
    const { seen, onPage } = pidSeen()
    await begin('good/1', { onPage })
    expect(await failureOf(begin('hoard@1/1'))).toEqual({
      code: 'memory_exceeded',
      message: expect.stringMatching(/^\d+ MB used, 300 MB allowed, on page 1 of 1$/),
    })
    await untilGone(seen.pid)
  })

  test.each(['hang', 'hang-later', 'disconnect'])('for making no progress: %s', async (misdeed) => {
    create({ pageTimeoutMs: 1500 })
    const { seen, onPage } = pidSeen()
    await begin('good/1', { onPage })
    const { code } = await failureOf(begin(`${misdeed}@1/1`))
    expect(code).toBe(misdeed === 'disconnect' ? 'parser_crashed' : 'page_timeout')
    await untilGone(seen.pid)
  })

  test('for taking too long over the whole document', async () => {
    create({ totalTimeoutMs: 1500 })
    expect((await failureOf(begin('hang/3'))).code).toBe('document_timeout')
  })

  test.each(['nonsense@1/1', 'early-nonsense'])('for what it says: %s', async (misdeed) => {
    create()
    expect((await failureOf(begin(misdeed))).message).toMatch(/makes no sense/)
  })

  test('for handing over more pages than may wait', async () => {
    create()
    const onPage = ({ content }: ExtractedPage) => untilGone(Number(content))
    expect((await failureOf(begin('early-flood', { onPage }))).message).toMatch(/makes no sense/)
  })

  test('because the work was aborted', async () => {
    create()
    const abort = new AbortController()
    const { seen, onPage } = pidSeen(async () => abort.abort(new Error('stopped by the test')))
    await expect(begin('hang', { onPage }, abort.signal)).rejects.toThrow('stopped by the test')
    await untilGone(seen.pid)
    expect((await begin('good')).pages).toHaveLength(2)
  })

  test('because its page could not be stored', async () => {
    create()
    const { seen, onPage } = pidSeen(() => Promise.reject(new Error('no room')))
    await expect(begin('good', { onPage })).rejects.toThrow('no room')
    await untilGone(seen.pid)
  })
})

test('the time that storing a page takes is not the time of the page', async () => {
  create({ pageTimeoutMs: 1500 })
  const onPage = () => new Promise<void>((resolve) => setTimeout(resolve, 2000))
  await expect(begin('good', { onPage })).resolves.toBeDefined()
})

test('what the child says about the document is the error, and the child is kept', async () => {
  create()
  const { pid } = await begin('good')
  expect(await failureOf(begin('early-encrypted'))).toEqual({
    code: 'file_encrypted',
    message: 'PDF error: password required',
  })
  expect((await begin('good')).pid).toBe(pid)
})

test('an aborted signal starts nothing, and leaves the queue', async () => {
  create()
  const reason = new Error('not needed any more')
  await expect(begin('good', {}, AbortSignal.abort(reason))).rejects.toBe(reason)
  const abort = new AbortController()
  const busy = begin('good', { onPage: async () => abort.abort(reason) })
  const queued = begin('good', {}, abort.signal)
  await expect(queued).rejects.toBe(reason)
  await busy
})

test('as many documents at a time as there may be children, and no more', async () => {
  create({ maxChildren: 2 })
  let [running, most] = [0, 0]
  const two = Promise.withResolvers<void>()
  const one = () =>
    begin('good', {
      onOpened: () => {
        running += 1
        most = Math.max(most, running)
        if (running === 2) two.resolve()
        return two.promise
      },
      onPage: async ({ page }) => {
        if (page.pageNumber === 2) running -= 1
      },
    })
  await Promise.all([one(), one(), one(), one(), one()])
  expect(most).toBe(2)
})

test('close kills what runs and refuses what comes', async () => {
  create()
  const { seen, onPage } = pidSeen(async () => void setTimeout(() => extractor().close(), 50))
  await expect(begin('hang', { onPage })).rejects.toThrow(ExtractionError)
  await untilGone(seen.pid)
  await expect(begin('good')).rejects.toThrow('The extractor is closed')
})

// Only Linux shows a process's environment as a file.
test.runIf(process.platform === 'linux')('a child sees nothing of our environment', async () => {
  create()
  process.env.ADP_TEST_SECRET = 'do not tell'
  const { pid } = await begin('good')
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
  expect(environment).toContain('PATH=')
  expect(environment).not.toContain('do not tell')
})

test('a child writes in its own folder only, and has no network where the system lets us take it away', async () => {
  create()
  const { message } = await failureOf(begin('early-reach'))
  const networks = withoutNetwork().length > 0 ? [] : Object.keys(networkInterfaces())
  expect(JSON.parse(message)).toEqual({ within: 'done', outside: 'ERR_ACCESS_DENIED', networks })
})

test('a language that is not installed is an error at once', async () => {
  create()
  expect(() => createLocalExtractor({ ...({} as LocalExtractorOptions), languages: ['xxx'] })).toThrow(/tesseract/)
})

test('there is nothing to resume', async () => {
  create()
  await expect(extractor().resume()).rejects.toThrow(ExtractionError)
})
