import type { DocumentFilter } from '../api.ts'

export const NO_FILTER: DocumentFilter = { status: '', filename: '' }

/** What a person looks for, as lists of JobStatus. */
export const STATUSES = { all: '', pending: 'PENDING,PROCESSING', completed: 'COMPLETED', failed: 'FAILED' } as const
export type StatusName = keyof typeof STATUSES

export const MAX_NAME_LENGTH = 255 // the contract's

/** The filter as the query of an address, e.g. `status=failed&filename=invoice`; empty when it lets everything through. */
export function filterQuery({ status, filename }: DocumentFilter): string {
  const name = Object.entries(STATUSES).find(([, statuses]) => statuses === status)?.[0]
  const query = new URLSearchParams()
  if (status !== '' && name !== undefined) query.set('status', name)
  if (filename !== '') query.set('filename', filename)
  return query.toString()
}

/** Reads what filterQuery wrote. People edit addresses: what the server would refuse is left out. */
export function filterFromQuery(text: string): DocumentFilter {
  const query = new URLSearchParams(text)
  const name = query.get('status') ?? 'all'
  return {
    status: Object.hasOwn(STATUSES, name) ? STATUSES[name as StatusName] : '',
    filename: (query.get('filename') ?? '').replaceAll('\0', '').slice(0, MAX_NAME_LENGTH),
  }
}
