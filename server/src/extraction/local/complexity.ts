import { LiteParse, type ParsedPage } from '@llamaindex/liteparse'
import { hasOddWords, hasRoomForPicture } from './doubtful-text.ts'
import { mayBeGarbled } from './garbled.ts'
import { lettersOf, STAMP_LETTERS } from './text-layer.ts'

const mayNeedOcr = (page: ParsedPage): boolean =>
  lettersOf(page) < STAMP_LETTERS || mayBeGarbled(page) || hasOddWords(page) || hasRoomForPicture(page)

/**
 * Pages with their `complexity` where it may decide whether they need OCR. LiteParse takes a quarter longer when it is asked for it on every
 * page, and nearly all pages have text enough and vowels enough to go without.
 */
export async function* withComplexity<T extends { result: { pages: ParsedPage[] } }>(
  path: string,
  batches: AsyncIterable<T>,
): AsyncGenerator<T> {
  for await (const batch of batches) {
    const doubtful = batch.result.pages.filter(mayNeedOcr)
    if (doubtful.length > 0) {
      const targetPages = doubtful.map((page) => page.pageNum).join(',')
      const options = {
        ocrEnabled: false,
        quiet: true,
        numWorkers: 1,
        continueOnPageError: true,
        includeComplexity: true,
      }
      const { pages } = await new LiteParse({ ...options, targetPages }).parse(path)
      const found = new Map(pages.map((page) => [page.pageNum, page.complexity]))
      for (const page of doubtful) Object.assign(page, { complexity: found.get(page.pageNum) })
    }
    yield batch
  }
}
