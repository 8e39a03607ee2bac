import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { makeScratchFolder } from '../../storage/scratch.ts'
import {
  type ExtractedPage,
  ExtractionError,
  type ExtractionEvents,
  type ExtractionInput,
  type Extractor,
  type PageFailure,
  type Step,
} from '../extractor.ts'
import { type Child, spawnChild } from './child-process.ts'
import { messageOf } from './failure.ts'
import { findLanguageData, gatherFiles } from './language-data.ts'
import { DEFAULT_MODEL, headerOf, localModelOf } from './model.ts'
import { createPool } from './pool.ts'
import { processUsage } from './process-usage.ts'
import type { PageFrame } from './protocol.ts'
import { readOn } from './read-on.ts'
import { type RunOptions, runDocument } from './run.ts'
import type { RunLimits } from './watchdog.ts'

/** Native libraries keep a little of every document; a new process costs 0.3 s. */
const RECYCLE_AFTER_PAGES = 300

/** Of a page's time, what may go by before its OCR begins, or where there is none: 10 s of 60. Nearly all pages take some ms. */
const PARSE_SHARE = 1 / 6

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
  log: Logger
  recycleAfterPages?: number
  /** A process is started before there is a document for it. */
  startsAhead?: boolean
  /** The program of the child processes; tests put one in its place that misbehaves. */
  childPath?: string
}

export type LocalExtractor = Omit<Extractor, 'begin' | 'resume'> & {
  begin(input: ExtractionInput, events: ExtractionEvents, signal: AbortSignal): Promise<Step>
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
  const { maxChildren, memoryBytes, languages, log, recycleAfterPages = RECYCLE_AFTER_PAGES } = options
  const { startsAhead = false } = options
  const script = options.childPath ?? fileURLToPath(new URL('./child.ts', import.meta.url))
  const languageData = findLanguageData(languages)
  const folder = makeScratchFolder()
  gatherFiles(languageData, folder)
  // OCR may be that of a program.
  const spawn = () =>
    spawnChild({ script, args: [folder, ...languages], folder, memoryBytes, mayStartPrograms: true, log })
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
    try {
      await runDocument({ ...document, child, log, usage: processUsage })
    } finally {
      await release(child)
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

  const begin: LocalExtractor['begin'] = async (input, events, signal) => {
    const model = localModelOf(input)
    if (model !== DEFAULT_MODEL) await events.onHeader?.(headerOf(model))
    const limits = startClock()
    let opened = false
    const onOpened = async (pagesTotal: number) => {
      if (!opened) await events.onOpened(pagesTotal)
      opened = true
    }
    await readOn({
      pagesDone: input.pagesDone,
      read: (pagesDone, careful, onDone) => {
        const onPage = async (page: ExtractedPage) => {
          await events.onPage(page)
          onDone(page.page.pageNumber)
        }
        const told = { onOpened, onPage }
        return run({ input: { ...input, pagesDone }, events: told, careful, signal, limits: limits() })
      },
      giveUp: (page, { code, message }) => events.onPage(lostPage(page, { code, detail: message })),
    })
    return { kind: 'done' }
  }

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
    measure,
    resume: () => Promise.reject(new ExtractionError('internal_error', 'The local extractor has nothing to resume')),
    async close() {
      await pool.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
