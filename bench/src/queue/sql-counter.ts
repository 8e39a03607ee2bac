import pg from 'pg'
import type { Counter } from './contestant.ts'

/**
 * Counts by conditions on a table.
 * @param finished null where finished jobs are deleted
 */
export async function sqlCounter(
  url: string,
  table: string,
  unfinished: string,
  finished: string | null,
): Promise<Counter> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const count = async (condition: string) => {
    const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`)
    return Number(rows[0]?.n)
  }
  return {
    unfinished: () => count(unfinished),
    finished: async () => (finished === null ? null : count(finished)),
    close: () => client.end(),
  }
}
