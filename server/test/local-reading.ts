import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContentType } from '@adp/contract/document.ts'
import type { LocalModel } from '@adp/contract/extraction-options.ts'
import pino from 'pino'
import type { ExtractedAttachment, ExtractedPage } from '../src/extraction/extractor.ts'
import { createLocalExtractor, type LocalExtractorOptions } from '../src/extraction/local/local-extractor.ts'
import { unpacked } from '../src/extraction/local/packed-text.ts'

const OPTIONS: LocalExtractorOptions = {
  maxChildren: 1,
  memoryBytes: 2 ** 30,
  pageTimeoutMs: 120_000,
  totalTimeoutMs: 170_000,
  maxPages: 50,
  languages: ['eng'],
  log: pino({ level: 'silent' }),
}

/** The local engine, children and all, for tests that have a file as bytes. To be closed at the end. */
export const startLocalReading = async (changed: Partial<LocalExtractorOptions> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'adp-test-'))
  const extractor = createLocalExtractor({ ...OPTIONS, ...changed })

  const put = async (bytes: Buffer, contentType: ContentType, pagesDone: Set<number>) => {
    const path = join(folder, 'document')
    await writeFile(path, bytes)
    return { path, contentType, pagesDone }
  }

  return {
    /** All pages that are not done. Throws what the extractor throws. */
    async read(bytes: Buffer, contentType: ContentType, pagesDone = new Set<number>(), model?: LocalModel) {
      const pages: ExtractedPage[] = []
      const events = {
        onOpened: async () => {},
        onPage: async (page: ExtractedPage) => void pages.push(unpacked(page)),
      }
      const input = { ...(await put(bytes, contentType, pagesDone)), ...(model && { options: { model } }) }
      await extractor.begin(input, events, new AbortController().signal)
      return pages
    },
    /** The names and bytes of what is attached to a mail. */
    async attachments(bytes: Buffer, contentType: ContentType) {
      const found: { position: number; name: string; bytes: Buffer }[] = []
      const events = {
        onOpened: async () => {},
        onPage: async () => {},
        onAttachment: async ({ position, name, path }: ExtractedAttachment) =>
          void found.push({ position, name, bytes: await readFile(path) }),
      }
      await extractor.begin(await put(bytes, contentType, new Set()), events, new AbortController().signal)
      return found
    },
    measure: async (bytes: Buffer, contentType: ContentType) =>
      extractor.measure(await put(bytes, contentType, new Set()), new AbortController().signal),
    async close() {
      await extractor.close()
      await rm(folder, { recursive: true })
    },
  }
}
