import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { makeScratchFolder } from '../../storage/scratch.ts'
import {
  ExtractionError,
  type ExtractionEvents,
  type ExtractionInput,
  type Extractor,
  type Step,
} from '../extractor.ts'
import { type Child, spawnChild } from './child-process.ts'
import { messageOf } from './failure.ts'
import { findLanguageData, gatherFiles } from './language-data.ts'
import { DEFAULT_MODEL, headerOf, localModelOf } from './model.ts'
import { createPool } from './pool.ts'
import type { PageFrame } from './protocol.ts'
import { residentMemory } from './resident-memory.ts'
import { type RunOptions, runDocument } from './run.ts'

/** Native libraries keep a little of every document; a new process costs 0.3 s. */
const RECYCLE_AFTER_PAGES = 300

const NO_EVENTS: ExtractionEvents = { onOpened: async () => {}, onPage: async () => {} }

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
  const script = options.childPath ?? fileURLToPath(new URL('./child.ts', import.meta.url))
  const languageData = findLanguageData(languages)
  const folder = makeScratchFolder()
  gatherFiles(languageData, folder)
  const spawn = () => spawnChild({ script, args: [folder, ...languages], folder, memoryBytes, log })
  const pool = createPool({ maxChildren, recycleAfterPages, spawn })

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
    if (child.alive() && (await residentMemory(child.pid)) > memoryBytes / 2) child.kill()
    pool.release(child)
  }

  const run = async (signal: AbortSignal, document: Pick<RunOptions, 'input' | 'events' | 'wanted' | 'onFrames'>) => {
    const child = await acquire(signal)
    try {
      await runDocument({ ...document, child, signal, limits: options, log, residentMemory })
    } finally {
      await release(child)
    }
  }

  return {
    provider: 'local',
    async begin(input, events, signal) {
      const model = localModelOf(input)
      if (model !== DEFAULT_MODEL) await events.onHeader?.(headerOf(model))
      await run(signal, { input, events })
      return { kind: 'done' }
    },
    async measure(input, signal) {
      const found: PageFrame[] = []
      const onFrames = (frames: PageFrame[]) => void found.push(...frames)
      await run(signal, { input, events: NO_EVENTS, wanted: 'frames', onFrames })
      return found
    },
    resume: () => Promise.reject(new ExtractionError('internal_error', 'The local extractor has nothing to resume')),
    async close() {
      await pool.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
