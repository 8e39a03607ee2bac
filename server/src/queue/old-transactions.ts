import type { Logger } from 'pino'
import type { Queryable } from '../db/client.ts'
import { type At, NOW } from './sql.ts'

export type OldTransaction = {
  since: Date
  /** What it is and where it comes from, for whoever has to end it. */
  who: string
  /** The same for as long as it is the same transaction. */
  key: string
}

type Row = {
  kind: 'session' | 'prepared transaction' | 'replication slot'
  name: string
  owner: string | null
  application: string | null
  address: string | null
  state: string | null
  started: Date | null
  since: Date
}

/**
 * Transactions older than 5 minutes that keep vacuum from removing dead rows of this database, the oldest first. Each claim leaves a dead
 * entry in the index of due jobs, so claims grow slower while one lasts.
 *
 * Sessions of other databases count once they have written: every snapshot reaches back to the oldest id that still runs, wherever it does.
 * VACUUM itself keeps nothing. A slot, a walsender and, without the rights of pg_read_all_stats, the session of another user do not say
 * since when: there it is told from the attempts that ended while it lasted, up to an hour back.
 */
export async function findOldTransactions(db: Queryable, at: At = null): Promise<OldTransaction[]> {
  const { rows } = await db.query<Row>(
    `WITH holder AS (
       SELECT 'session' AS kind, pid::text AS name, usename AS owner, nullif(application_name, '') AS application,
              host(client_addr) AS address, state, xact_start AS started, greatest(age(backend_xid), age(backend_xmin)) AS age
       FROM pg_stat_activity
       WHERE (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL AND (datid IS NULL OR datname = current_database()))
         AND coalesce(backend_type, '') <> 'parallel worker' AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)
       UNION ALL
       SELECT 'prepared transaction', gid, owner, NULL, NULL, NULL, prepared, age(transaction) FROM pg_prepared_xacts
       UNION ALL
       SELECT 'replication slot', slot_name, NULL, NULL, NULL, CASE WHEN active THEN 'active' ELSE 'inactive' END, NULL, age(xmin)
       FROM pg_replication_slots WHERE xmin IS NOT NULL
     ),
     dated AS (
       SELECT *, coalesce(started, (
         SELECT min(ended_at) FROM document_processing_attempts AS attempt
         WHERE ended_at > ${NOW} - interval '1 hour' AND ended_at <= ${NOW} AND age(attempt.xmin) <= holder.age)) AS since
       FROM holder
     )
     SELECT kind, name, owner, application, address, state, started, since FROM dated
     WHERE since < ${NOW} - interval '5 minutes' ORDER BY since, kind, name`,
    [at],
  )
  return rows.map((row) => ({
    since: row.since,
    who: describe(row),
    key: `${row.kind} ${row.name} ${row.started?.toISOString() ?? ''}`,
  }))
}

function describe({ kind, name, owner, application, address, state }: Row): string {
  const from = [application, address].filter((part) => part !== null).join(', ')
  return `${kind} ${name}${owner === null ? '' : ` of ${owner}`}${from && ` (${from})`}${state === null ? '' : `, ${state}`}`
}

/** Logs each old transaction once when it is seen, and once when it is over. */
export function createOldTransactionLog(log: Logger): (seen: OldTransaction[]) => void {
  let known: OldTransaction[] = []
  return (seen) => {
    const isIn = (list: OldTransaction[]) => (one: OldTransaction) => list.some(({ key }) => key === one.key)
    for (const { who, since } of seen.filter((one) => !isIn(known)(one))) {
      log.warn({ who, since }, 'an old transaction keeps dead rows: claims grow slower until it is ended')
    }
    for (const { who, since } of known.filter((one) => !isIn(seen)(one))) {
      log.info({ who, since }, 'the old transaction is over')
    }
    known = seen
  }
}
