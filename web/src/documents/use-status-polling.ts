import { type Document, isMailType } from '@adp/contract/document.ts'
import { isFinished, type JobStatusAnswer } from '@adp/contract/job.ts'
import { useEffect, useRef } from 'react'
import useSWR from 'swr'
import { getStatus, statusPath } from '../api.ts'
import type { ApiError } from '../api-error.ts'
import { announce } from '../live/announcer.ts'
import { documentRemoved, jobChanged, listsOutdated } from './cache.ts'
import { isNewer } from './lists.ts'
import { isCanceled, isPartlyRead, isWithoutText } from './phase.ts'
import { type Place, splitAnswer } from './place.ts'

export const POLL_MS = 3000

/**
 * Asks where a document stands until it is finished, and writes the answer into the lists. SWR pauses it while the tab is
 * hidden. A finished document has no key, so that nothing, not even a tab that gets the focus back, asks for it again.
 * @returns its place in the queue, which only a status answer tells
 */
export function useStatusPolling(document: Document): Place | null {
  const pending = !isFinished(document.job.status)
  const { data } = useSWR<JobStatusAnswer, ApiError>(
    pending ? statusPath(document.id) : null,
    () => getStatus(document.id),
    {
      refreshInterval: pending ? POLL_MS : 0,
      revalidateOnMount: false, // the list that made the row is as fresh
      onSuccess(answer) {
        const { job } = splitAnswer(answer)
        if (isNewer(job, document.job)) jobChanged(job)
        // What is attached to it has become documents.
        if (isMailType(document.content_type) && isFinished(job.status)) listsOutdated()
      },
      onError(error) {
        if (error.code === 'document_not_found') documentRemoved(document.id)
      },
    },
  )
  useAnnouncedEnd(document)
  // The cache still has the last answer about the job before.
  return data?.id === document.job.id ? splitAnswer(data).place : null
}

/** Announces that a document finished while it was watched, whether its status or the whole list brought the news. */
function useAnnouncedEnd({ filename, job }: Document): void {
  const wasPending = useRef(false)
  // Only the server knows when a job ended: what this page merely expects of it is not announced.
  const pending = job.finished_at === null
  const done = isPartlyRead(job) ? 'partly_read' : isWithoutText(job) ? 'no_text' : 'completed'
  const canceled = isCanceled(job)
  const code = job.error?.code ?? 'internal_error'
  useEffect(() => {
    if (wasPending.current && !pending) {
      if (canceled) announce({ kind: 'canceled', name: filename })
      else if (job.status === 'FAILED') announce({ kind: 'failed', name: filename, code })
      else announce({ kind: done, name: filename })
    }
    wasPending.current = pending
  }, [pending, filename, job.status, done, canceled, code])
}
