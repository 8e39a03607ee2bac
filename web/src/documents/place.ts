import type { Job, JobStatusAnswer } from '@adp/contract/job.ts'
import type { TFunction } from 'i18next'
import type { Format } from '../format.ts'

/** Where a waiting job stands in the queue, from its status. */
export type Place = Pick<JobStatusAnswer, 'position' | 'estimated_start_at'>

const COUNTED_UP_TO = 10_000 // the contract's
// An estimate to the minute says nothing more below one.
const SOON_MS = 60_000

/** The place in a status answer, and the job as lists have it, so that both can be compared. */
export function splitAnswer({ position, estimated_start_at, ...job }: JobStatusAnswer): { job: Job; place: Place } {
  return { job, place: { position, estimated_start_at } }
}

/**
 * How many stand before a job and about when it starts, in words; null when it does not wait or nobody knows.
 * @param now ms since 1970
 */
export function placeWords(job: Job, place: Place | null, t: TFunction, format: Format, now: number): string | null {
  if (job.status !== 'PENDING' || place === null || place.position === null) return null
  if (place.position >= COUNTED_UP_TO) return t('place.far', { n: format.number(COUNTED_UP_TO) })
  const position = format.number(place.position)
  const start = place.estimated_start_at
  if (start === null) return t('place.position', { position })
  if (Date.parse(start) - now < SOON_MS) return t('place.starts_soon', { position })
  return t('place.starts', { position, time: format.when(start, now) })
}
