import type { Pool } from '../../src/db/client.ts'
import type { AzureEmulator } from '../azure-emulator/emulator.ts'
import type { StoredDocument } from '../azure-fleet/documents.ts'
import type { LogLine } from '../azure-fleet/workers.ts'
import { PAGES, type Step } from './steps.ts'

/** What became of a document whose worker was killed at a step. */
export type Ending = {
  step: Step
  /** Whether the worker was killed there. */
  killed: boolean
  status: string
  /** How often the emulator accepted its content. */
  billed: number
  submissions: string[]
  attempts: string[]
  pages: string[]
  /** How often a worker said that it submits again without knowing. */
  saidAgain: number
}

export async function readEnding(
  { pool, emulator, log }: { pool: Pool; emulator: Pick<AzureEmulator, 'ledger'>; log: LogLine[] },
  { id, sha256 }: StoredDocument,
  step: Step,
  killed: boolean,
): Promise<Ending> {
  const { rows } = await pool.query<Pick<Ending, 'status' | 'submissions' | 'attempts' | 'pages'>>(
    `SELECT status,
       ARRAY(SELECT outcome FROM provider_submissions WHERE job_id = job.id ORDER BY claim) AS submissions,
       ARRAY(SELECT outcome FROM document_processing_attempts WHERE job_id = job.id ORDER BY claim) AS attempts,
       ARRAY(SELECT content FROM document_pages WHERE job_id = job.id ORDER BY page_number) AS pages
     FROM document_processing_jobs AS job WHERE document_id = $1`,
    [id],
  )
  if (rows.length !== 1 || !rows[0]) throw new Error(`${id} has ${rows.length} jobs`)
  const billed = emulator.ledger().find((entry) => entry.sha256 === sha256)?.accepted ?? 0
  const saidAgain = log.filter(({ msg, document_id }) => document_id === id && msg.startsWith('submitted again')).length
  return { step, killed, billed, saidAgain, ...rows[0], pages: rows[0].pages.filter((page) => isOf(page, sha256)) }
}

/** The emulator's results name the content that they are of. */
const isOf = (page: string, sha256: string) => page.includes(sha256.slice(0, 16))

export const isLost = ({ status, pages }: Ending): boolean => status !== 'COMPLETED' || pages.length !== PAGES

/** What is not as it has to be, in words; empty when all is. */
export function violationsOf(ending: Ending): string[] {
  const { step, killed, status, billed, submissions, attempts, pages, saidAgain } = ending
  const again = step.submissions.length - 1
  // A job that nobody holds has no attempt that a worker's death could end.
  const ends = step.moment === 'waiting' ? ['COMPLETED'] : ['WORKER_LOST', 'COMPLETED']
  const rules: [holds: boolean, broken: string][] = [
    [killed, 'no worker came to that moment'],
    [!isLost(ending), `lost: ${status} with ${pages.length} of ${PAGES} pages of its own`],
    [billed >= 1 && billed <= step.mostBilled, `billed ${billed} times, at most ${step.mostBilled} allowed`],
    [same(submissions, step.submissions), `its submissions are ${submissions}, not ${step.submissions}`],
    [same(attempts, ends), `its attempts are ${attempts}, not ${ends}`],
    [saidAgain === again, `"submitted again" was logged ${saidAgain} times, not ${again}`],
  ]
  return rules.flatMap(([holds, broken]) => (holds ? [] : `${step.name}: ${broken}`))
}

const same = (a: string[], b: string[]) => a.join() === b.join()
