import type { Document, DocumentDetails, DocumentList } from '@adp/contract/document.ts'
import type { Job } from '@adp/contract/job.ts'
import { mutate } from 'swr'
import { type DocumentFilter, documentPath } from '../api.ts'
import { matches, withDocument, withJob, withoutDocument } from './lists.ts'

// The SWR cache has one entry for each list that was looked at (a filter, with everything shown of it) and one for each
// document. What is learned about one document is written into all of them, so nothing is loaded again for its sake.

const PREFIX = 'list?'

export const listKey = (filter: DocumentFilter): string => PREFIX + new URLSearchParams(filter)

function filterOf(key: string): DocumentFilter {
  const query = new URLSearchParams(key.slice(PREFIX.length))
  return { status: query.get('status') ?? '', filename: query.get('filename') ?? '' }
}

function changeLists(wanted: (filter: DocumentFilter) => boolean, change: (list: DocumentList) => DocumentList): void {
  void mutate<DocumentList>(
    (key) => typeof key === 'string' && key.startsWith(PREFIX) && wanted(filterOf(key)),
    (list) => list && change(list),
    // A list that is still loading would lose its answer to this change: it is loaded again, with the change in it.
    { revalidate: (list: DocumentList | undefined) => list === undefined },
  )
}

/** A document got a new job, or its job moved on. Details that are on the screen are loaded again for their attempts. */
export function jobChanged(job: Job): void {
  showJob(job, true)
}

/** A job will most likely be like this in a moment: shown at once, with nothing loaded that could not know it yet. */
export function jobExpected(job: Job): void {
  showJob(job, false)
}

function showJob(job: Job, revalidate: boolean): void {
  changeLists(
    () => true,
    (list) => withJob(list, job),
  )
  const change = (details?: DocumentDetails) => details && { ...details, job }
  void mutate<DocumentDetails>(documentPath(job.document_id), change, { revalidate })
}

export function documentAdded(document: Document): void {
  changeLists(
    (filter) => matches(document, filter),
    (list) => withDocument(list, document),
  )
}

/** There are documents that nobody here has added: all lists that are on the screen are loaded again. */
export function listsOutdated(): void {
  void mutate((key) => typeof key === 'string' && key.startsWith(PREFIX))
}

export function documentRemoved(id: string): void {
  changeLists(
    () => true,
    (list) => withoutDocument(list, id),
  )
}
