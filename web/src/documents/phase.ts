import type { Job, JobPhase } from '@adp/contract/job.ts'
import type { TFunction } from 'i18next'
import type { Format } from '../format.ts'
import type { IconName } from '../ui/Icon.tsx'

/** A blank or unreadable scan: no error, but not what somebody hoped for either. */
export const isWithoutText = (job: Job): boolean => job.status === 'COMPLETED' && job.has_text === false

/** Done, but for pages that could not be read. */
export const isPartlyRead = (job: Job): boolean => job.status === 'COMPLETED' && job.pages_failed > 0

/** Ended because somebody wanted it to: no failure, and nothing to look after. */
export const isCanceled = (job: Job): boolean => job.phase === 'canceled'

const LOOKS: Record<JobPhase, { icon: IconName; className: string }> = {
  queued: { icon: 'spinner', className: 'status status-pending' },
  retrying: { icon: 'spinner', className: 'status status-pending' },
  extracting: { icon: 'spinner', className: 'status status-processing' },
  waiting_for_provider: { icon: 'spinner', className: 'status status-processing' },
  completed: { icon: 'check', className: 'status status-completed' },
  failed: { icon: 'failed', className: 'status status-failed' },
  canceled: { icon: 'canceled', className: 'status status-canceled' },
}

/** The picture beside a job's words, and the class that colours both. */
export function statusLook(job: Job): { icon: IconName; className: string } {
  if (isPartlyRead(job) || isWithoutText(job)) return { icon: 'warning', className: 'status status-warn' }
  return LOOKS[job.phase]
}

/**
 * What a job is doing, in words.
 * @param now ms since 1970; a next try that was due before is no longer announced with its time
 */
export function phaseWords(job: Job, t: TFunction, format: Format, now: number): string {
  const next = job.next_try_at !== null && Date.parse(job.next_try_at) > now ? format.time(job.next_try_at) : null
  switch (job.phase) {
    case 'queued':
      return t('phase.queued')
    case 'retrying':
      return next === null ? t('phase.retry_due') : t('phase.retry_at', { time: next })
    case 'extracting':
      return pageWords(job, t, format)
    case 'waiting_for_provider':
      return next === null ? t('phase.provider') : t('phase.provider_until', { time: next })
    case 'completed':
      if (isPartlyRead(job))
        return t('phase.partly_read', { count: job.pages_failed, n: format.number(job.pages_failed) })
      return t(isWithoutText(job) ? 'phase.no_text' : 'phase.completed')
    case 'failed':
      return t('phase.failed')
    case 'canceled':
      return t('phase.canceled')
  }
}

function pageWords({ pages_done, pages_total }: Job, t: TFunction, format: Format): string {
  if (pages_total === null) return t('phase.opening')
  // The page being read is the one after those that are done; after the last one only the result is being written.
  const page = Math.min(pages_done + 1, pages_total)
  return t('phase.page', { page: format.number(page), total: format.number(pages_total) })
}
