import { z } from 'zod'
import { ProblemError } from './problem.ts'

/** The hit that an answer ended with: hits are in the order of their rank, then the newer job, then the page. */
const Place = z.object({
  rank: z.number(),
  job_id: z.int().min(1),
  page_number: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
})
export type Place = z.infer<typeof Place>

export const encodeCursor = (place: Place): string =>
  Buffer.from(JSON.stringify([place.rank, place.job_id, place.page_number])).toString('base64url')

/** @throws ProblemError invalid_request for one that encodeCursor has not written */
export function decodeCursor(cursor: string): Place {
  try {
    const [rank, job_id, page_number] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    return Place.parse({ rank, job_id, page_number })
  } catch (error) {
    throw new ProblemError('invalid_request', 'cursor: not one that this server has given', { cause: error })
  }
}
