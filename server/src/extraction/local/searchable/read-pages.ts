import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { SearchablePage } from './searchable-page.ts'

/** The interface is made when the first line is wanted: it drops what it reads while nobody listens. */
async function* readLines(path: string): AsyncGenerator<SearchablePage> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
    yield JSON.parse(line)
}

/** Pages out of the file that the parent has written, in the order of the document, asked for by their number. */
export const openPages = (path: string) => {
  const pages = readLines(path)
  let next: SearchablePage | null = null
  return {
    /** Numbers go up; a page that was not read is null. */
    async find(pageNumber: number): Promise<SearchablePage | null> {
      while (next === null || next.pageNumber < pageNumber) {
        const { value, done } = await pages.next()
        if (done) return null
        next = value
      }
      return next.pageNumber === pageNumber ? next : null
    },
    close: () => pages.return(undefined),
  }
}
export type SearchablePages = ReturnType<typeof openPages>
