import type { PageShares } from '../extractor.ts'

/** Fewer pages are read here at once: offering them takes three statements, and whoever takes one has to fetch the whole document. */
const WORTH_SHARING = 3

/** How one reader goes through one document. */
export type Passes = {
  /** Reads these pages. */
  read(pages: number[]): Promise<void>
  /** Reads the pages that are wanted and carry their own text, and names the others. */
  readText(onLeft: (pages: number[]) => Promise<void>): Promise<void>
}

/**
 * Reads a document of which others may read pages: first those that carry their own text, some milliseconds each, while the others, which
 * take seconds, are offered as they are found; then these, one at a time, until all are there, whoever read them.
 * @param passes `read` reads what is left where that is too little to be shared, `readShare` what was taken
 */
export const readShared = async (
  { read, readText, readShare }: Passes & { readShare: Passes['read'] },
  shares: PageShares,
  signal: AbortSignal,
): Promise<void> => {
  let left: number[] = []
  let isShared = false
  await readText(async (pages) => {
    left.push(...pages)
    if (!isShared && left.length < WORTH_SHARING) return
    isShared = true
    await shares.offer(left)
    left = []
  })
  if (isShared) await readShares(readShare, shares, signal)
  else if (left.length > 0) await read(left)
}

/** Reads the pages that a reader takes, one at a time, until nothing is left for it. Throws what `read` throws. */
export const readShares = async (read: Passes['read'], shares: PageShares, signal: AbortSignal): Promise<void> => {
  for (let page = await shares.next(signal); page !== null; page = await shares.next(signal)) await read([page])
}
