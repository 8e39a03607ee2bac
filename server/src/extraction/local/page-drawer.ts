import { rmSync } from 'node:fs'
import { lstat, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ContentType } from '@adp/contract/document.ts'
import type { Logger } from 'pino'
import { makeScratchFolder } from '../../storage/scratch.ts'
import type { ExtractionEvents } from '../extractor.ts'
import { spawnChild } from './child-process.ts'
import { createPool } from './pool.ts'
import { processUsage } from './process-usage.ts'
import type { Drawing, SearchableRequest } from './protocol.ts'
import { type RunOptions, runDocument } from './run.ts'

export type PageDrawer = {
  /**
   * Draws a page of a document at `path` into the file `drawing.output`, as WebP.
   * Throws ExtractionError: what readers throw, and parser_crashed, memory_exceeded, page_timeout. Rejects with the signal's reason.
   */
  draw(document: { path: string; contentType: ContentType }, drawing: Drawing, signal: AbortSignal): Promise<void>
  /**
   * Makes the searchable PDF of a document at `path`. Throws as `draw` does, and document_timeout.
   */
  makeSearchable(
    document: { path: string; contentType: ContentType },
    searchable: SearchableRequest,
    signal: AbortSignal,
  ): Promise<void>
  close(): Promise<void>
}

export type PageDrawerOptions = {
  maxChildren: number
  memoryBytes: number
  /** How long a picture may take. */
  timeoutMs: number
  log: Logger
  /** The program of the child processes; tests put one in its place that misbehaves. */
  childPath?: string
}

/** A page of a searchable PDF takes less than a picture, but pdf-lib opens and saves a document of thousands in one go. */
const SEARCHABLE = { pageTimeoutMs: 5 * 60_000, parseTimeoutMs: 60_000, totalTimeoutMs: 15 * 60_000 }

/** A new process costs 0.3 s. */
const RECYCLE_AFTER_PICTURES = 100

const NO_EVENTS: ExtractionEvents = { onOpened: async () => {}, onPage: async () => {} }

/** Moves what a child has written, where it has: a file, and no link to another that it may have made. */
const take = async (made: string, output: string): Promise<void> => {
  const found = await lstat(made).catch(() => null)
  if (found?.isFile()) await rename(made, output)
}

/** Draws pages in child processes, started when the first is wanted: the same program, pool and watchdog that read documents. */
export const createPageDrawer = ({
  timeoutMs,
  memoryBytes,
  maxChildren,
  log,
  childPath,
}: PageDrawerOptions): PageDrawer => {
  const script = childPath ?? fileURLToPath(new URL('./child.ts', import.meta.url))
  const folder = makeScratchFolder()
  // Without languages: nothing is read.
  const spawn = () =>
    spawnChild({ script, args: ['bundled', folder], folder, memoryBytes, mayStartPrograms: false, log })
  const pool = createPool({ maxChildren, recycleAfterPages: RECYCLE_AFTER_PICTURES, spawn })
  const limits = {
    ...{ memoryBytes, pageTimeoutMs: timeoutMs, parseTimeoutMs: timeoutMs, totalTimeoutMs: 2 * timeoutMs, maxPages: 1 },
  }
  /** A child writes in its own folder only: what it has made is taken from there. */
  const run = async (
    document: { path: string; contentType: ContentType },
    output: string,
    workOf: (made: string) => Pick<RunOptions, 'drawing' | 'searchable'>,
    told: Pick<RunOptions, 'limits' | 'signal'>,
  ) => {
    const child = await pool.acquire(told.signal)
    const made = join(child.folder, basename(output))
    try {
      const input = { ...document, pagesDone: new Set<number>() }
      await runDocument({ ...told, ...workOf(made), child, input, events: NO_EVENTS, log, usage: processUsage })
      await take(made, output)
      child.pages += 1
    } finally {
      await rm(made, { force: true })
      if (child.alive() && (await processUsage(child.pid)).residentBytes > memoryBytes / 2) child.kill()
      pool.release(child)
    }
  }
  return {
    draw: (document, drawing, signal) =>
      run(document, drawing.output, (output) => ({ drawing: { ...drawing, output } }), { signal, limits }),
    makeSearchable: (document, searchable, signal) =>
      run(document, searchable.output, (output) => ({ searchable: { ...searchable, output } }), {
        ...{ signal, limits: { ...limits, ...SEARCHABLE } },
      }),
    async close() {
      await pool.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
