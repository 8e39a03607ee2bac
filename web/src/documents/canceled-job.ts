import { ERRORS } from '@adp/contract/errors.ts'
import type { Job } from '@adp/contract/job.ts'

/** What an unfinished job will be once the server has canceled it. It has no end yet: that is for the server to tell. */
export function expectCanceled(job: Job): Job {
  const { message, action, retryable } = ERRORS.canceled
  const error = { code: 'canceled', message, action, retryable, detail: '' } as const
  return { ...job, status: 'FAILED', phase: 'canceled', next_try_at: null, error }
}
