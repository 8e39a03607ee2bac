import { createReadStream } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'

/** An element of one of the result's lists, and its place there. */
export type Placed = { key: string; index: number; element: Record<string, unknown> }

/** Kept in memory until so many characters have come together, so that a document of a million paragraphs is not a million writes. */
const BUFFER = 4_000_000

/** Sorts elements into files, one for each page, and one for those whose page is not known yet. */
export function createPageFiles(folder: string) {
  const fileOf = (page: number | null) => path.join(folder, `page-${page ?? 'unknown'}.jsonl`)
  const waiting = new Map<number | null, string>()
  const pages = new Set<number | null>()
  let size = 0

  async function flush(): Promise<void> {
    const due = [...waiting]
    waiting.clear()
    size = 0
    for (const [page, lines] of due) await appendFile(fileOf(page), lines)
  }

  return {
    /** @param page null when it is not known yet */
    add(page: number | null, placed: Placed): void {
      const line = `${JSON.stringify(placed)}\n`
      waiting.set(page, (waiting.get(page) ?? '') + line)
      size += line.length
      pages.add(page)
    },
    /** The numbers of the pages that something was added for. */
    pages: (): number[] => [...pages].filter((page) => page !== null),
    /** To be called now and then; writes when there is enough. */
    async relieve(): Promise<void> {
      if (size > BUFFER) await flush()
    },
    flush,
    /** What was added for a page, in the order of the result's lists. */
    async read(page: number): Promise<Placed[]> {
      const text = await readFile(fileOf(page), 'utf8')
      const all = text.split('\n').slice(0, -1).map(parse)
      return all.sort((a, b) => a.index - b.index)
    },
    /** Those whose page was not known when they were added. */
    async *unknown(): AsyncGenerator<Placed> {
      if (!pages.has(null)) return
      // Not node:readline: it takes U+2028, which JSON leaves as it is, for the end of a line.
      let rest = ''
      for await (const text of createReadStream(fileOf(null), 'utf8')) {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        yield* lines.map(parse)
      }
    },
  }
}

export type PageFiles = ReturnType<typeof createPageFiles>

const parse = (line: string): Placed => JSON.parse(line)
