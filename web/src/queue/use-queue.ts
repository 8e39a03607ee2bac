import type { Queue } from '@adp/contract/queue.ts'
import useSWR from 'swr'
import { getQueue, QUEUE_PATH, type QueueAnswer } from '../api.ts'
import type { ApiError } from '../api-error.ts'

/** How often an operator's view is brought up to date. */
export const WATCH_MS = 3000
// A pause lasts minutes or hours; whoever only waits for a document hears of it soon enough.
const PAUSE_MS = 15_000

/** Where the queue stands, asked for again and again while the tab is visible. */
export function useQueue() {
  return useSWR<QueueAnswer, ApiError>(QUEUE_PATH, getQueue, { refreshInterval: WATCH_MS })
}

/**
 * Since when and why the queue is paused, asked for now and then.
 * @param waiting whether anything waits for the queue; else nothing is asked
 */
export function usePause(waiting: boolean): Queue['paused'] {
  const { data } = useSWR<QueueAnswer, ApiError>(waiting ? QUEUE_PATH : null, getQueue, {
    refreshInterval: waiting ? PAUSE_MS : 0,
  })
  return data?.queue.paused ?? null
}
