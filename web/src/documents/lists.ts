import type { Document, DocumentList } from '@adp/contract/document.ts'
import type { Job } from '@adp/contract/job.ts'
import type { DocumentFilter } from '../api.ts'

/** The list with this job in its document's row; the same object when there is nothing to change. */
export function withJob(list: DocumentList, job: Job): DocumentList {
  const old = list.documents.find(({ id }) => id === job.document_id)?.job
  if (old === undefined || !isNewer(job, old)) return list
  const documents = list.documents.map((document) =>
    document.id === job.document_id ? { ...document, job } : document,
  )
  return { ...list, documents }
}

/** The list with the document on top, once. */
export function withDocument(list: DocumentList, document: Document): DocumentList {
  return { ...list, documents: [document, ...list.documents.filter(({ id }) => id !== document.id)] }
}

/** The list without the document and what came with it. */
export function withoutDocument(list: DocumentList, id: string): DocumentList {
  const gone = new Set([id])
  // The newest is first, and what is attached is newer than its mail.
  for (const { id, parent_document_id: parent } of list.documents.toReversed())
    if (parent !== null && gone.has(parent)) gone.add(id)
  return { ...list, documents: list.documents.filter(({ id }) => !gone.has(id)) }
}

/** The list and the page that follows it. A document that is in both, because others were added meanwhile, stays once. */
export function withNextPage(list: DocumentList, next: DocumentList): DocumentList {
  const known = new Set(list.documents.map(({ id }) => id))
  return { ...next, documents: [...list.documents, ...next.documents.filter(({ id }) => !known.has(id))] }
}

/** Whether the server would list the document under this filter. */
export function matches(document: Document, { status, filename }: DocumentFilter): boolean {
  const rightStatus = status === '' || status.split(',').includes(document.job.status)
  return rightStatus && folded(document.filename).includes(folded(filename))
}

/** As the server compares names: without case and accents. */
const folded = (name: string) =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]+/g, '')
    .toLowerCase()

/** An answer may overtake another on its way; a job never goes back. */
export function isNewer(job: Job, than: Job): boolean {
  if (job.id !== than.id) return job.id > than.id
  return job.updated_at >= than.updated_at && JSON.stringify(job) !== JSON.stringify(than)
}
