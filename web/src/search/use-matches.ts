import type { PageMatches, SearchMatch } from '@adp/contract/search.ts'
import useSWR from 'swr'
import { getMatches, matchesPath } from '../api.ts'
import type { ApiError } from '../api-error.ts'

/**
 * Where what was searched for stands on a page; undefined until that is known. A page is worth reading without its marks too, so that a
 * failure is not told.
 * @param run names the run that made the result
 * @param q empty: nothing was searched for
 */
export function useMatches(id: string, run: string, page: number, q: string): readonly SearchMatch[] | undefined {
  const key = q === '' ? null : [matchesPath(id, page, q), run]
  const { data } = useSWR<PageMatches, ApiError>(key, () => getMatches(id, page, q), {
    revalidateOnFocus: false,
    revalidateIfStale: false,
    revalidateOnReconnect: false,
  })
  return data?.matches
}
