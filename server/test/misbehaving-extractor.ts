import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { afterEach, expect } from 'vitest'
import type { ExtractedPage, ExtractionEvents } from '../src/extraction/extractor.ts'
import { createLocalExtractor, type LocalExtractorOptions } from '../src/extraction/local/local-extractor.ts'

/** The local engine with children that do wrong, each as the path of its document says: extraction/local/misbehaving-child.ts. */
export function useMisbehavingExtractor() {
  let extractor: ReturnType<typeof createLocalExtractor>
  afterEach(() => extractor.close())
  return {
    extractor: () => extractor,
    create(options: Partial<LocalExtractorOptions> = {}): void {
      extractor = createLocalExtractor({
        maxChildren: 1,
        memoryBytes: 400 * 2 ** 20,
        pageTimeoutMs: 30_000,
        totalTimeoutMs: 30_000,
        maxPages: 10,
        languages: ['eng'],
        log: pino({ level: 'silent' }),
        childPath: fileURLToPath(new URL('../src/extraction/local/misbehaving-child.ts', import.meta.url)),
        ...options,
      })
    },
    /** What was read, and by which process. */
    async begin(path: string, events: Partial<ExtractionEvents> = {}, signal = new AbortController().signal) {
      const pages: ExtractedPage[] = []
      const onPage = async (page: ExtractedPage) => void pages.push(page)
      const input = { path, contentType: 'application/pdf', pagesDone: new Set<number>() } as const
      const step = await extractor.begin(input, { onOpened: async () => {}, onPage, ...events }, signal)
      return { step, pages, pid: Number(pages[0]?.content) }
    },
  }
}

const isGone = (pid: number) => {
  try {
    return process.kill(pid, 0) && false
  } catch {
    return true
  }
}

export const untilGone = (pid: number) => expect.poll(() => isGone(pid), { timeout: 10_000 }).toBe(true)
