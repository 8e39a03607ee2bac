import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ContentType } from '@adp/contract/document.ts'
import { rangesOf } from '@adp/contract/page-ranges.ts'
import type { Logger } from 'pino'
import { makeScratchFolder } from '../../storage/scratch.ts'
import {
  type ExtractedPage,
  ExtractionError,
  type ExtractionEvents,
  type ExtractionInput,
  type Extractor,
  type PageFailure,
  type PageShares,
  type Step,
} from '../extractor.ts'
import { type Child, spawnChild } from './child-process.ts'
import { messageOf } from './failure.ts'
import { findLanguageData, gatherFiles } from './language-data.ts'
import { DEFAULT_MODEL, headerOf, isMarkdownWanted, localModelOf } from './model.ts'
import type { OcrEngine } from './ocr-engine.ts'
import { createPool } from './pool.ts'
import { processUsage } from './process-usage.ts'
import type { PageFrame } from './protocol.ts'
import { readOn } from './read-on.ts'
import { type Passes, readShared, readShares } from './read-shares.ts'
import { type RunOptions, runDocument } from './run.ts'
import type { RunLimits } from './watchdog.ts'

/** Native libraries keep a little of every document, 7 MB of 900 pages with text; a new process costs 0.6 s. One that has grown large goes at once. */
const RECYCLE_AFTER_PAGES = 900

/** Of a page's time, what may go by before its OCR begins, or where there is none: 10 s of 60. Nearly all pages take some ms. */
const PARSE_SHARE = 1 / 6

/** What may have many pages of which each takes long. */
const SHAREABLE: ReadonlySet<ContentType> = new Set(['application/pdf', 'image/tiff'])

const NO_EVENTS: ExtractionEvents = { onOpened: async () => {}, onPage: async () => {} }

/** Stands for a page that could not be read; its size is not known. */
const lostPage = (pageNumber: number, failure: PageFailure): ExtractedPage => ({
  ...{ content: '', page: { pageNumber, spans: [{ offset: 0, length: 0 }] }, failure },
})

export type LocalExtractorOptions = {
  /** How many documents are read at the same time, each in a process of its own. */
  maxChildren: number
  /** Resident memory of a process from which on it is killed. */
  memoryBytes: number
  /** How long a page may take. */
  pageTimeoutMs: number
  /** How long a document may take, storing its pages included. */
  totalTimeoutMs: number
  maxPages: number
  /** Tesseract's names of the languages that OCR reads, e.g. `eng`, `por`; each needs its package `@tesseract.js-data/…`. */
  languages: string[]
  /** Which Tesseract reads them: `auto` unless told otherwise. */
  ocrEngine?: OcrEngine
  log: Logger
  recycleAfterPages?: number
  /** A process is started before there is a document for it. */
  startsAhead?: boolean
  /** The program of the child processes; tests put one in its place that misbehaves. */
  childPath?: string
}

export type LocalExtractor = Omit<Extractor, 'begin' | 'resume'> & {
  begin(input: ExtractionInput, events: ExtractionEvents, signal: AbortSignal): Promise<Step>
  /** Reads pages of a document that another reader has begun, until `shares` has none left for this one. Throws as `begin` does. */
  help(input: ExtractionInput, shares: PageShares, signal: AbortSignal): Promise<void>
  resume(): Promise<never>
  /** Counts and measures the pages of a document without reading them. Throws as `begin` does. */
  measure(input: ExtractionInput, signal: AbortSignal): Promise<PageFrame[]>
  close(): Promise<void>
}

/**
 * The extractor that needs no provider: PDF text by PDFium, OCR by Tesseract, in child processes that may die without
 * harm. `begin` is done when it resolves; `close` kills the processes.
 * Throws at once when the data of a language is not installed.
 */
export const createLocalExtractor = (options: LocalExtractorOptions): LocalExtractor => {
  const {
    maxChildren,
    memoryBytes,
    languages,
    log,
    ocrEngine = 'auto',
    recycleAfterPages = RECYCLE_AFTER_PAGES,
    startsAhead = false,
  } = options
  const script = options.childPath ?? fileURLToPath(new URL('./child.ts', import.meta.url))
  const languageData = findLanguageData(languages)
  const folder = makeScratchFolder()
  gatherFiles(languageData, folder)
  const args = [ocrEngine, folder, ...languages]
  const mayStartPrograms = ocrEngine !== 'bundled'
  const spawn = () => spawnChild({ script, args, folder, memoryBytes, mayStartPrograms, log })
  const pool = createPool({ maxChildren, recycleAfterPages, startsAhead, spawn })

  const acquire = async (signal: AbortSignal): Promise<Child> => {
    try {
      return await pool.acquire(signal)
    } catch (error) {
      signal.throwIfAborted()
      throw new ExtractionError('internal_error', messageOf(error), { cause: error })
    }
  }

  /** Memory that the libraries did not give back would count against the next document. */
  const release = async (child: Child) => {
    if (child.alive() && (await processUsage(child.pid)).residentBytes > memoryBytes / 2) child.kill()
    pool.release(child)
  }

  const run = async (document: Omit<RunOptions, 'child' | 'log' | 'usage'>) => {
    const child = await acquire(document.signal)
    let released: Promise<void> | null = null
    const free = () => {
      released ??= release(child)
      return released
    }
    const onChildFree = () => {
      document.onEnding?.()
      void free()
    }
    try {
      await runDocument({ ...document, child, log, usage: processUsage, onChildFree })
    } finally {
      await free()
    }
  }

  /** What is left of a document's time when one more child takes it up. */
  const startClock = () => {
    const startedAt = performance.now()
    const { pageTimeoutMs, totalTimeoutMs } = options
    const parseTimeoutMs = pageTimeoutMs * PARSE_SHARE
    return (): RunLimits => ({
      ...{ ...options, parseTimeoutMs },
      totalTimeoutMs: Math.max(0, totalTimeoutMs - (performance.now() - startedAt)),
    })
  }

  /** The passes of one reader through one document: what was read and given up, and the time that is left, count over all of them. */
  const createPasses = (input: ExtractionInput, events: ExtractionEvents, signal: AbortSignal) => {
    const limits = startClock()
    const done = new Set(input.pagesDone)
    let opened = false
    let givenUp = 0
    const onOpened = async (pagesTotal: number) => {
      if (!opened) await events.onOpened(pagesTotal)
      opened = true
    }
    const pass = async (
      onPage: ExtractionEvents['onPage'],
      pages: ExtractionInput['pages'],
      { onLeft, ...kind }: Pick<RunOptions, 'wanted' | 'onLeft' | 'onEnding'> = {},
    ) =>
      readOn({
        pagesDone: done,
        givenUp,
        read: (pagesDone, careful, onDone) => {
          const take: ExtractionEvents['onPage'] = async (page) => {
            await onPage(page)
            done.add(page.page.pageNumber)
            onDone(page.page.pageNumber)
          }
          const leave = async (left: number[]) => {
            await onLeft?.(left)
            for (const page of left) onDone(page)
          }
          const told = { ...events, onOpened, onPage: take }
          const one = { input: { ...input, pages, pagesDone }, events: told, onLeft: leave, careful, signal }
          return run({ ...one, ...kind, limits: limits() })
        },
        giveUp: async (page, { code, message }) => {
          await onPage(lostPage(page, { code, detail: message }))
          done.add(page)
          givenUp += 1
        },
      })
    let isEnding = false
    const onEnding = () => {
      if (!isEnding) events.onEnding?.()
      isEnding = true
    }
    return {
      readAll: () => pass(events.onPage, input.pages, { onEnding }),
      read: (pages: number[]) => pass(events.onPage, rangesOf(pages), { onEnding }),
      readText: (onLeft: (pages: number[]) => Promise<void>) => {
        let isAnyLeft = false
        const leave = (pages: number[]) => {
          isAnyLeft = true
          return onLeft(pages)
        }
        const end = () => isAnyLeft || onEnding()
        return pass(events.onPage, input.pages, { wanted: 'text', onLeft: leave, onEnding: end })
      },
      readShare:
        (shares: PageShares): Passes['read'] =>
        (pages) =>
          pass(shares.onPage, rangesOf(pages)),
    }
  }

  /** Aborted with the signal, or when the time of a document is over: a reader may wait for others. */
  const withClock = async (signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    const { totalTimeoutMs } = options
    const clock = new AbortController()
    const late = new ExtractionError('document_timeout', `Not done after ${totalTimeoutMs} ms`)
    const timer = setTimeout(() => clock.abort(late), totalTimeoutMs)
    await work(AbortSignal.any([signal, clock.signal])).finally(() => clearTimeout(timer))
  }

  const begin: LocalExtractor['begin'] = async (input, events, signal) => {
    const model = localModelOf(input)
    const isMarkdown = isMarkdownWanted(input)
    const isUsual = model === DEFAULT_MODEL && !isMarkdown
    // Written while the document is being opened.
    const header = isUsual ? undefined : events.onHeader?.(headerOf(model, isMarkdown ? 'markdown' : 'text'))
    header?.catch(() => {})
    const onOpened = async (pagesTotal: number) => {
      await header
      await events.onOpened(pagesTotal)
    }
    const told = { ...events, onOpened }
    const { shares } = events
    if (shares && SHAREABLE.has(input.contentType))
      await withClock(signal, async (either) => {
        const passes = createPasses(input, told, either)
        await readShared({ ...passes, readShare: passes.readShare(shares) }, shares, either)
      })
    else await createPasses(input, told, signal).readAll()
    return { kind: 'done' }
  }

  const help: LocalExtractor['help'] = (input, shares, signal) =>
    withClock(signal, (either) => readShares(createPasses(input, NO_EVENTS, either).readShare(shares), shares, either))

  const measure: LocalExtractor['measure'] = async (input, signal) => {
    const found: PageFrame[] = []
    const limits = startClock()
    const all = { path: input.path, contentType: input.contentType }
    await readOn({
      pagesDone: new Set(),
      read: (pagesDone, careful, onDone) => {
        const onFrames = (frames: PageFrame[]) => {
          found.push(...frames)
          for (const { pageNumber } of frames) onDone(pageNumber)
        }
        const options = { events: NO_EVENTS, wanted: 'frames', onFrames, careful, signal, limits: limits() } as const
        return run({ input: { ...all, pagesDone }, ...options })
      },
      // Whoever reads it may have more luck.
      giveUp: async (pageNumber) => void found.push({ pageNumber, width: 0, height: 0, unit: 'inch', hasText: false }),
    })
    return found
  }

  return {
    provider: 'local',
    begin,
    help,
    measure,
    resume: () => Promise.reject(new ExtractionError('internal_error', 'The local extractor has nothing to resume')),
    async close() {
      await pool.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
