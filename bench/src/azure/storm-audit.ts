import type { Pool } from '../../../server/src/db/client.ts'
import type { AzureEmulator } from '../../../server/test/azure-emulator/emulator.ts'
import type { StoredDocument } from '../../../server/test/azure-fleet/documents.ts'
import type { Met } from './storm-faults.ts'

type Row = {
  document_id: string
  status: string
  error_code: string | null
  attempts: number
  claim: number
  failed: number
}

export type Audit = {
  completed: number
  /** By their code. */
  failed: Record<string, number>
  billed: number
  /** Of all documents together. */
  claims: number
  /** What is not as it has to be. */
  violations: string[]
}

/** Nobody pays for a document again whose submissions went unanswered so often. */
const MOST_RESETS = 2

/** Compares how each document ended with what its requests met with. */
export async function audit(
  pool: Pool,
  emulator: AzureEmulator,
  documents: StoredDocument[],
  met: (sha256: string) => Met,
): Promise<Audit> {
  const { rows } = await pool.query<Row>(
    `SELECT document_id, status, error_code, attempts, claim,
       (SELECT count(*) FROM document_processing_attempts WHERE job_id = job.id AND outcome <> 'COMPLETED') AS failed
     FROM document_processing_jobs AS job`,
  )
  const rowOf = new Map(rows.map((row) => [row.document_id, row]))
  const acceptedOf = new Map(emulator.ledger().map(({ sha256, accepted }) => [sha256, accepted]))
  const failed = Map.groupBy(
    rows.filter((row) => row.status === 'FAILED'),
    (row) => String(row.error_code),
  )
  return {
    completed: rows.filter((row) => row.status === 'COMPLETED').length,
    failed: Object.fromEntries([...failed].map(([code, all]) => [code, all.length])),
    billed: [...acceptedOf.values()].reduce((sum, accepted) => sum + accepted, 0),
    claims: rows.reduce((sum, row) => sum + row.claim, 0),
    violations: documents.flatMap(({ id, sha256 }) =>
      violationsOf(rowOf.get(id), acceptedOf.get(sha256) ?? 0, met(sha256)).map((what) => `${id}: ${what}`),
    ),
  }
}

function violationsOf(row: Row | undefined, accepted: number, met: Met): string[] {
  if (!row) return ['has no job']
  const uncertain = met.resets >= MOST_RESETS
  const tries = met.unavailable + met.resets
  const rules: [holds: boolean, broken: string][] = [
    [row.status === (uncertain ? 'FAILED' : 'COMPLETED'), `${row.status} ${row.error_code} after ${met.resets} resets`],
    [accepted === (uncertain ? 0 : 1), `accepted ${accepted} times`],
    // Each answer but a throttle is an attempt; a document that is given up ends with one more, which sends nothing.
    [row.failed === tries + Number(uncertain), `${row.failed} failed attempts for ${tries} faults`],
    [row.attempts === tries + 1, `attempts is ${row.attempts} after ${tries} faults`],
  ]
  return rules.flatMap(([holds, broken]) => (holds ? [] : broken))
}
