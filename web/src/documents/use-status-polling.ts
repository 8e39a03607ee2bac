import type { Document } from '@adp/contract/document.ts'
import { isFinished, type Job } from '@adp/contract/job.ts'
import { useEffect, useRef } from 'react'
import useSWR from 'swr'
import { getStatus, statusPath } from '../api.ts'
import type { ApiError } from '../api-error.ts'
import { announce } from '../live/announcer.ts'
import { documentRemoved, jobChanged } from './cache.ts'
import { isNewer } from './lists.ts'
import { isWithoutText } from './phase.ts'

const POLL_MS = 3000

/**
 * Asks where a document stands until it is finished, and writes the answer into the lists. SWR pauses it while the tab is
 * hidden. A finished document has no key, so that nothing, not even a tab that gets the focus back, asks for it again.
 */
export function useStatusPolling(document: Document): void {
  const pending = !isFinished(document.job.status)
  useSWR<Job, ApiError>(pending ? statusPath(document.id) : null, () => getStatus(document.id), {
    refreshInterval: pending ? POLL_MS : 0,
    revalidateOnMount: false, // the list that made the row is as fresh
    onSuccess(job) {
      if (isNewer(job, document.job)) jobChanged(job)
    },
    onError(error) {
      if (error.code === 'document_not_found') documentRemoved(document.id)
    },
  })
  useAnnouncedEnd(document)
}

/** Announces that a document finished while it was watched, whether its status or the whole list brought the news. */
function useAnnouncedEnd({ filename, job }: Document): void {
  const wasPending = useRef(false)
  const pending = !isFinished(job.status)
  const withoutText = isWithoutText(job)
  const code = job.error?.code ?? 'internal_error'
  useEffect(() => {
    if (wasPending.current && !pending)
      announce(
        job.status === 'FAILED'
          ? { kind: 'failed', name: filename, code }
          : { kind: withoutText ? 'no_text' : 'completed', name: filename },
      )
    wasPending.current = pending
  }, [pending, filename, job.status, withoutText, code])
}
