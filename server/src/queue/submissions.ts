import { type Pool, type Queryable, transaction } from '../db/client.ts'
import type ProviderSubmissions from '../db/generated/public/ProviderSubmissions.ts'
import type { ClaimedJob } from './job-queue.ts'
import { type At, FENCE, fence, NOW } from './sql.ts'

/**
 * The SQL of requests that are paid for. Each has a row before it is sent: a mark. Whoever takes up a job whose worker died finds by it
 * that the provider may have accepted the document already.
 */

export type Submission = Pick<ProviderSubmissions, 'endpoint' | 'model' | 'pages'>
/** Pages that may be sent in a UTC day and month; null: as many as there are. */
export type Quota = { daily: number | null; monthly: number | null }
export type Marked =
  | { kind: 'marked' }
  | { kind: 'stale' }
  | { kind: 'over_quota'; period: 'day' | 'month'; until: Date; used: number }

/** Azure keeps results for 24 hours; an hour is left to fetch one. */
const FETCHABLE_HOURS = 23

/** Any constant will do, as long as nobody else locks it: the first bytes of "adp quota". */
const QUOTA_LOCK = 0x6164_7071

/** Commits that a job is about to be submitted, unless that would be more than the quota. Among all workers one at a time looks at the quota. */
export async function markSubmitting(
  pool: Pool,
  job: ClaimedJob,
  submission: Submission,
  quota: Quota,
  at: At = null,
): Promise<Marked> {
  if (quota.daily === null && quota.monthly === null)
    return { kind: (await mark(pool, job, submission, at)) ? 'marked' : 'stale' }
  return transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [QUOTA_LOCK])
    for (const period of ['day', 'month'] as const) {
      const most = period === 'day' ? quota.daily : quota.monthly
      if (most === null) continue
      const { used, until } = await pagesUsed(client, period, at, job)
      if (used + submission.pages > most) return { kind: 'over_quota', period, until, used }
    }
    return { kind: (await mark(client, job, submission, at)) ? 'marked' : 'stale' }
  })
}

async function mark(db: Queryable, job: ClaimedJob, { endpoint, model, pages }: Submission, at: At): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO provider_submissions (job_id, claim, document_id, endpoint, model, pages, submitted_at)
     SELECT id, claim, document_id, $5, $6, $7, ${NOW} FROM document_processing_jobs WHERE ${FENCE}
     ON CONFLICT (job_id, claim) DO UPDATE SET submitted_at = ${NOW}, outcome = 'UNKNOWN', model = excluded.model, pages = excluded.pages`,
    [at, ...fence(job), endpoint, model, pages],
  )
  return rowCount === 1
}

/**
 * Pages sent since a UTC day or month began, and when the next one begins. Refused and failed ones are not paid for.
 * @param but a claim whose own mark does not count: it may be marked again after an answer that was lost
 */
export async function pagesUsed(
  db: Queryable,
  period: 'day' | 'month',
  at: At = null,
  but: Pick<ClaimedJob, 'id' | 'claim'> | null = null,
): Promise<{ used: number; until: Date }> {
  const { rows } = await db.query<{ used: number; until: Date }>(
    `WITH period AS (SELECT date_trunc($2, ${NOW}, 'UTC') AS began)
     SELECT coalesce(sum(pages), 0)::bigint AS used, date_trunc($2, began + ('1 ' || $2)::interval, 'UTC') AS until
     FROM period LEFT JOIN provider_submissions ON submitted_at >= began AND outcome IN ('UNKNOWN', 'ACCEPTED')
       AND (job_id, claim) IS DISTINCT FROM ($3::bigint, $4::integer) GROUP BY began`,
    [at, period, but?.id ?? null, but?.claim ?? null],
  )
  const [row] = rows
  if (!row) throw new Error('an aggregate returned no row')
  return row
}

/**
 * What earlier claims of a job have sent, oldest first. Before them, the same of an earlier job that was paid for and whose result nobody
 * has seen: it was canceled, or failed for another reason than its result, and the provider still has it.
 */
export async function earlierSubmissions(
  db: Queryable,
  job: ClaimedJob,
  { endpoint, model, pages }: Submission,
  at: At = null,
): Promise<Pick<ProviderSubmissions, 'claim' | 'outcome' | 'operation'>[]> {
  const { rows } = await db.query(
    `SELECT 0 AS claim, outcome, submission.operation
     FROM provider_submissions AS submission JOIN document_processing_jobs AS job ON job.id = submission.job_id
     WHERE submission.document_id = $4 AND submission.job_id < $2 AND outcome = 'ACCEPTED'
       AND (endpoint, model, pages) = ($5, $6, $7) AND submitted_at > ${NOW} - interval '${FETCHABLE_HOURS} hours'
       AND status = 'FAILED' AND error_code <> ALL ('{result_invalid,result_outdated_shape,result_mismatch,result_incomplete,operation_expired}')
     UNION ALL
     SELECT claim, outcome, operation FROM provider_submissions WHERE job_id = $2 AND claim < $3
     ORDER BY claim`,
    [at, job.id, job.claim, job.document_id, endpoint, model, pages],
  )
  return rows
}

/** Takes the mark of a submission back that was not sent. */
export async function withdrawSubmission(db: Queryable, job: Pick<ClaimedJob, 'id' | 'claim'>): Promise<void> {
  await db.query(`DELETE FROM provider_submissions WHERE job_id = $1 AND claim = $2 AND outcome = 'UNKNOWN'`, [
    job.id,
    job.claim,
  ])
}

/**
 * Writes what came of a submission, whoever has the job by now: it is a fact about money.
 */
export async function settleSubmission(
  db: Queryable,
  job: Pick<ClaimedJob, 'id' | 'claim'>,
  outcome: 'ACCEPTED' | 'REFUSED' | 'FAILED',
  operation: string | null = null,
): Promise<void> {
  await db.query(
    'UPDATE provider_submissions SET outcome = $3, operation = coalesce($4, operation) WHERE job_id = $1 AND claim = $2',
    [job.id, job.claim, outcome, operation],
  )
}

/**
 * Writes how the operation that a job goes on with has ended, whichever claim submitted it.
 * @param pages as the provider counted them
 */
export async function endSubmission(
  db: Queryable,
  job: Pick<ClaimedJob, 'id' | 'document_id'>,
  outcome: 'ACCEPTED' | 'FAILED',
  pages: number | null = null,
): Promise<void> {
  await db.query(
    `UPDATE provider_submissions SET outcome = $2, pages = coalesce($3, pages)
     WHERE document_id = $4 AND operation = (SELECT operation FROM document_processing_jobs WHERE id = $1)`,
    [job.id, outcome, pages, job.document_id],
  )
}
