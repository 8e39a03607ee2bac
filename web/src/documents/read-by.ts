import type { Job } from '@adp/contract/job.ts'
import type { TFunction } from 'i18next'
import type { Format } from '../format.ts'

/** Whether somebody is paid for some of it, or might have been. */
export const isPaidFor = ({ provider, pages_total }: Job): boolean =>
  provider !== null && provider !== 'local' && pages_total !== null

/** Who read a document, with what that saved; null as long as nobody has opened it. */
export function readByWords(job: Job, t: TFunction, format: Format): string | null {
  const { provider, pages_total, pages_billed, status } = job
  if (provider === null || pages_total === null) return null
  if (provider === 'local') return t('read_by.local')
  if (provider === 'azure') return t('read_by.azure', { count: pages_billed, billed: format.number(pages_billed) })
  // As long as it is not done, nobody knows what is still sent.
  if (pages_billed === 0 && status !== 'COMPLETED') return null
  // One that was sent twice, since nobody knew whether it was accepted, may be billed twice.
  const free = Math.max(0, pages_total - pages_billed)
  const share = { free: format.number(free), billed: format.number(pages_billed), total: format.number(pages_total) }
  return pages_billed === 0 ? t('read_by.all_free', share) : t('read_by.shared', { count: pages_total, ...share })
}
