import type { Document } from '@adp/contract/document.ts'
import { useMemo, useState } from 'react'
import { reprocess } from '../api.ts'
import { type ApiError, asApiError } from '../api-error.ts'
import { jobChanged } from './cache.ts'

/** What can be done with a document, wherever it is shown. */
export type DocumentActions = {
  reprocess(document: Document): void
  /** Asks first. */
  remove(document: Document): void
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
      remove: setRemoving,
    }),
    [],
  )
  return { actions, removing, error, cancelRemoval: () => setRemoving(null), clearError: () => setError(null) }
}
