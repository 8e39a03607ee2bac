import type { DeadLetter, DeadLetterList } from '@adp/contract/queue.ts'
import useSWRInfinite from 'swr/infinite'
import { DEAD_LETTERS_PATH, listDeadLetters, reprocess, retryDeadLetters } from '../api.ts'
import { type ApiError, asApiError } from '../api-error.ts'
import { jobChanged } from '../documents/cache.ts'
import { announce } from '../live/announcer.ts'
import { joined, withoutDocument } from './dead-letters.ts'
import { WATCH_MS } from './use-queue.ts'

const PAGE_SIZE = 50

type Key = readonly [path: string, cursor: string | null]

function pageKey(_index: number, before: DeadLetterList | null): Key | null {
  if (before?.next_cursor === null) return null
  return [DEAD_LETTERS_PATH, before?.next_cursor ?? null]
}

/** The documents that failed, page by page, and the ways to process them again. */
export function useDeadLetters() {
  const { data, error, size, setSize, mutate, isValidating } = useSWRInfinite<DeadLetterList, ApiError>(
    pageKey,
    ([, cursor]: Key) => listDeadLetters(PAGE_SIZE, cursor),
    { refreshInterval: WATCH_MS },
  )

  /** @throws ApiError; then the document is in the list again */
  async function retry({ document_id, filename }: DeadLetter): Promise<void> {
    void mutate((pages) => pages && withoutDocument(pages, document_id), { revalidate: false })
    try {
      jobChanged(await reprocess(document_id))
      announce({ kind: 'requeued', name: filename })
    } catch (thrown) {
      const failure = asApiError(thrown)
      // Somebody else was faster: it is processed again, or gone.
      if (failure.code === 'job_in_progress' || failure.code === 'document_not_found') return
      await mutate()
      throw failure
    }
  }

  /** @throws ApiError */
  async function retryAll(): Promise<void> {
    const { jobs } = await retryDeadLetters()
    announce({ kind: 'requeued', count: jobs })
    await setSize(1)
  }

  return {
    letters: data && joined(data),
    error,
    hasMore: typeof data?.at(-1)?.next_cursor === 'string',
    loadingMore: isValidating && data !== undefined && data.length < size,
    loadMore: () => void setSize(size + 1),
    reload: () => void mutate(),
    retry,
    retryAll,
  }
}
