import type { Document } from '@adp/contract/document.ts'
import { useMemo, useState } from 'react'
import { cancelJob, getStatus, readFailedPages, reprocess } from '../api.ts'
import { type ApiError, asApiError } from '../api-error.ts'
import { jobChanged, jobExpected } from './cache.ts'
import { expectCanceled } from './canceled-job.ts'
import { splitAnswer } from './place.ts'

/** What can be done with a document, wherever it is shown. */
export type DocumentActions = {
  reprocess(document: Document): void
  /** Processes only the pages again that could not be read. */
  readFailedPages(document: Document): void
  cancel(document: Document): void
  /** Asks first. */
  remove(document: Document): void
}

/** Shows a document as canceled at once, and as it was if that does not work. */
async function cancel({ id, job }: Document): Promise<void> {
  jobExpected(expectCanceled(job))
  try {
    jobChanged(await cancelJob(id))
  } catch (thrown) {
    jobChanged(job)
    if (asApiError(thrown).code !== 'job_finished') throw thrown
    // It was done before it could be canceled: how it ended is all there is to say.
    jobChanged(splitAnswer(await getStatus(id)).job)
  }
}

/** The actions, the document that is about to be deleted, and why the last action did not work. */
export function useDocumentActions() {
  const [removing, setRemoving] = useState<Document | null>(null)
  const [error, setError] = useState<ApiError | null>(null)

  const actions = useMemo(
    (): DocumentActions => ({
      reprocess(document) {
        setError(null)
        reprocess(document.id)
          .then(jobChanged)
          .catch((thrown: unknown) => setError(asApiError(thrown)))
      },
      readFailedPages(document) {
        setError(null)
        readFailedPages(document.id)
          .then(jobChanged)
          .catch((thrown: unknown) => setError(asApiError(thrown)))
      },
      cancel(document) {
        setError(null)
        cancel(document).catch((thrown: unknown) => setError(asApiError(thrown)))
      },
      remove: setRemoving,
    }),
    [],
  )
  return { actions, removing, error, cancelRemoval: () => setRemoving(null), clearError: () => setError(null) }
}
