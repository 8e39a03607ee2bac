import { ExtractionError } from '../extractor.ts'
import { ONE_BY_ONE } from './pdf-batches.ts'

/** So many pages may be lost while none could be read, each after up to two deaths of a second or ten: then it is the file. */
const MOST_LOST_AT_FIRST = 3

/** So many may be lost of a document that has readable pages: a child for each is what they cost. */
const MOST_LOST = 20

export type Reading = {
  /** Read before. */
  pagesDone: ReadonlySet<number>
  /** How many pages of the document were given up before. */
  givenUp?: number
  /**
   * Has one child read all but `pagesDone`, and calls `onDone` for each page that it is done with. `careful`: the first ones are parsed one
   * at a time.
   */
  read(pagesDone: ReadonlySet<number>, careful: boolean, onDone: (page: number) => void): Promise<void>
  /** A page is given up: children die of it. */
  giveUp(page: number, error: ExtractionError): Promise<void>
}

/**
 * Has children read one document: where one dies of a page, the next one goes on behind it. A page is given up when a child has died of
 * it that had read nothing else, so that neither the pages that were parsed with it nor what was left of those before can be the reason;
 * and since the first death is never that, none is given up for something that happens once. A page that is parsed alone and uses up its
 * time does so by itself.
 * Throws what `read` throws of the document as a whole; the error of the last page when too many were lost.
 */
export const readOn = async ({ pagesDone, givenUp = 0, read, giveUp }: Reading): Promise<void> => {
  const done = new Set(pagesDone)
  let careful = false
  for (;;) {
    let readHere = 0
    const onDone = (page: number) => {
      done.add(page)
      readHere += 1
    }
    try {
      await read(done, careful, onDone)
      return
    } catch (error) {
      if (!(error instanceof ExtractionError) || error.page === null) throw error
      const wasAlone = careful && (readHere === 0 || (error.code === 'page_timeout' && readHere < ONE_BY_ONE))
      careful = true
      if (!wasAlone) continue
      const most = done.size > givenUp ? MOST_LOST : MOST_LOST_AT_FIRST
      if (givenUp + 1 >= most) throw error
      await giveUp(error.page, error)
      done.add(error.page)
      givenUp += 1
    }
  }
}
