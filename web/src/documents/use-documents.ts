import type { Document, DocumentList } from '@adp/contract/document.ts'
import { useState } from 'react'
import useSWR, { useSWRConfig } from 'swr'
import { type DocumentFilter, listDocuments } from '../api.ts'
import { type ApiError, asApiError } from '../api-error.ts'
import { listKey } from './cache.ts'
import { withNextPage } from './lists.ts'

const PAGE_SIZE = 50
const LARGEST_PAGE = 200 // the contract's limit
const REFRESH_MS = 15_000

export type Documents = {
  documents: readonly Document[] | undefined
  error: ApiError | undefined
  hasMore: boolean
  loadingMore: boolean
  loadMore(): void
  reload(): void
}

/**
 * The list under a filter, with everything that was shown of it. It is loaded again now and then, for what others upload;
 * where each pending document stands is asked by its own row.
 */
export function useDocuments(filter: DocumentFilter): Documents {
  const { cache } = useSWRConfig()
  const key = listKey(filter)
  const shown = () => (cache.get(key)?.data as DocumentList | undefined)?.documents.length ?? 0
  const { data, error, mutate } = useSWR<DocumentList, ApiError>(
    key,
    () => loadDocuments(filter, Math.max(PAGE_SIZE, shown())),
    {
      // More than one request's worth is not loaded again only to look for something new.
      refreshInterval: (list) => (list && list.documents.length > LARGEST_PAGE ? 0 : REFRESH_MS),
      keepPreviousData: true,
    },
  )
  const [loadingMore, setLoadingMore] = useState(false)
  const [moreError, setMoreError] = useState<ApiError>()

  async function loadMore(): Promise<void> {
    const cursor = data?.next_cursor
    if (!cursor || loadingMore) return
    setLoadingMore(true)
    setMoreError(undefined)
    try {
      const next = await listDocuments(filter, PAGE_SIZE, cursor)
      // If the list was loaded anew meanwhile, this page may no longer follow it: then the button is pressed again.
      const append = (list?: DocumentList) => (list?.next_cursor === cursor ? withNextPage(list, next) : list)
      await mutate(append, { revalidate: false })
    } catch (thrown) {
      setMoreError(asApiError(thrown))
    } finally {
      setLoadingMore(false)
    }
  }

  return {
    documents: data?.documents,
    error: error ?? moreError,
    hasMore: typeof data?.next_cursor === 'string',
    loadingMore,
    loadMore: () => void loadMore(),
    reload: () => void mutate(),
  }
}

/** The newest `count` documents under a filter, in as many requests as that takes. */
async function loadDocuments(filter: DocumentFilter, count: number): Promise<DocumentList> {
  let list = await listDocuments(filter, Math.min(count, LARGEST_PAGE), null)
  while (list.documents.length < count && list.next_cursor !== null) {
    const missing = Math.min(count - list.documents.length, LARGEST_PAGE)
    list = withNextPage(list, await listDocuments(filter, missing, list.next_cursor))
  }
  return list
}
