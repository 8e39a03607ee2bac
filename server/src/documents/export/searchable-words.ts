import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Page } from '@adp/contract/analyze-result.ts'
import type { Pool } from '../../db/client.ts'
import type { SearchableLine, SearchablePage } from '../../extraction/local/searchable/searchable-page.ts'
import type { ResultJob } from '../read-documents.ts'
import { streamPages } from '../read-result.ts'

type Line = NonNullable<Page['lines']>[number]

/** Which line each unit of the content is in. */
function linesByOffset(lines: readonly Line[], length: number): Int32Array {
  const found = new Int32Array(length).fill(-1)
  for (const [index, { spans }] of lines.entries())
    for (const { offset, length: long } of spans) found.fill(index, offset, offset + long)
  return found
}

/** A page's words as they stand in its lines; one that is in none is a line of its own. */
export function toSearchablePage(page: Page, contentLength: number): SearchablePage {
  const { words = [], lines = [], pageNumber, width = 0, height = 0 } = page
  const lineAt = linesByOffset(lines, contentLength)
  const found = new Map<number, SearchableLine>()
  for (const [index, { content, polygon, span, confidence }] of words.entries()) {
    if (!polygon) continue
    const at = lineAt[span.offset] ?? -1
    const key = at >= 0 ? at : -1 - index
    const line = found.get(key) ?? { polygon: lines[at]?.polygon ?? polygon, words: [] }
    line.words.push({ text: content, polygon, isSure: confidence === 1 })
    found.set(key, line)
  }
  return { pageNumber, width, height, lines: [...found.values()] }
}

/** Writes the words of a result into a file, a line of JSON for each page. @returns how many of them may not be the file's own */
export async function writeWords(pool: Pool, job: ResultJob, file: string, signal: AbortSignal): Promise<number> {
  let unsure = 0
  async function* pages() {
    for await (const { page, content } of streamPages(pool, job)) {
      const words = toSearchablePage(page, content.length)
      unsure += words.lines.flatMap((line) => line.words).filter(({ isSure }) => !isSure).length
      yield `${JSON.stringify(words)}\n`
    }
  }
  await pipeline(Readable.from(pages(), { objectMode: false }), createWriteStream(file), { signal })
  return unsure
}
