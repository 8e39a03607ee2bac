import { useSyncExternalStore } from 'react'
import type { DocumentFilter } from './api.ts'
import { filterFromQuery, filterQuery } from './documents/filter.ts'
import { cleanQuery } from './search/query.ts'

/** What the page shows. It is kept in the address after the #, so a reload and the back button keep it. */
export type Route =
  | { view: 'list'; filter: DocumentFilter }
  /** `q` is what was searched for, and is marked; empty: nothing. */
  | { view: 'document'; id: string; page: number; q: string }
  | { view: 'queue' }

const LIST = '#/'
const DOCUMENT = /^#\/documents\/([0-9a-f-]{36})(?:\/pages\/([1-9]\d{0,6}))?(?:\?(.*))?$/i

/** Where the operator looks. */
export const QUEUE_ADDRESS = '#/queue'

/** Reads `location.hash`. What it does not know is the list. */
export function parseRoute(hash: string): Route {
  if (hash === QUEUE_ADDRESS) return { view: 'queue' }
  const [, id, page, search] = DOCUMENT.exec(hash) ?? []
  if (id !== undefined)
    return { view: 'document', id, page: Number(page ?? 1), q: cleanQuery(new URLSearchParams(search).get('q') ?? '') }
  const query = hash.startsWith(`${LIST}?`) ? hash.slice(LIST.length) : ''
  return { view: 'list', filter: filterFromQuery(query) }
}

/** The list under a filter. */
export function listAddress(filter: DocumentFilter): string {
  const query = filterQuery(filter)
  return query === '' ? LIST : `${LIST}?${query}`
}

export const documentAddress = (id: string, page = 1, q = ''): string =>
  `#/documents/${id}${page === 1 ? '' : `/pages/${page}`}${q === '' ? '' : `?${new URLSearchParams({ q })}`}`

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash))
}

export function goTo(hash: string): void {
  location.hash = hash
}

/** Goes there without a new entry in the history: turning pages, or a search, must not bury under the back button what was before. */
export function replaceRoute(hash: string): void {
  history.replaceState(null, '', hash)
  dispatchEvent(new HashChangeEvent('hashchange'))
}
