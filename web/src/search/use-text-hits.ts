import type { SearchHit, SearchResults } from '@adp/contract/search.ts'
import useSWRInfinite from 'swr/infinite'
import { searchTexts } from '../api.ts'
import type { ApiError } from '../api-error.ts'
import { cleanQuery } from './query.ts'

const PAGE_SIZE = 20

export type TextHits = {
  /** What was searched for, as the server takes it; empty: nothing was. */
  q: string
  hits: readonly SearchHit[] | undefined
  error: ApiError | undefined
  isCapped: boolean
  hasMore: boolean
  loadingMore: boolean
  loadMore(): void
  reload(): void
}

/** Pages of documents that have in their text what somebody types. @param typed null: texts are not searched */
export function useTextHits(typed: string | null): TextHits {
  const q = cleanQuery(typed ?? '')
  const { data, error, size, setSize, mutate } = useSWRInfinite<SearchResults, ApiError>(
    (index, previous: SearchResults | null) =>
      q === '' || (index > 0 && previous?.next_cursor === null) ? null : ['search', q, previous?.next_cursor ?? null],
    ([, , cursor]: [string, string, string | null]) => searchTexts(q, PAGE_SIZE, cursor),
    { revalidateOnFocus: false, revalidateFirstPage: false, keepPreviousData: true },
  )
  const shown = q === '' ? undefined : data
  const last = shown?.at(-1)
  return {
    q,
    hits: shown?.flatMap(({ hits }) => hits),
    error: q === '' ? undefined : error,
    isCapped: shown?.[0]?.is_capped ?? false,
    hasMore: typeof last?.next_cursor === 'string',
    loadingMore: shown !== undefined && shown.length < size && !error,
    loadMore: () => void setSize(size + 1),
    reload: () => void mutate(),
  }
}
