import type { Queryable } from '../../db/client.ts'

/**
 * The request rate of the whole fleet: token buckets in PostgreSQL, one for an endpoint and a kind of request. A bucket is one time, when
 * it would be full again (the generic cell rate algorithm, ITU-T I.371), so that asking is one statement on one row.
 */

export type Bucket = { endpoint: string; kind: 'POST' | 'GET' }
/** `burst`: how many may be sent at once after a pause. */
export type Rate = { perSecond: number; burst: number }
/** `until`: when the next token is free; `turn`: a time of its own for each that was refused, so that they do not all come back at once. */
export type Token = { granted: true } | { granted: false; until: Date; turn: Date }

/** Asked for right before a request is sent, so that what delays a worker before does not make requests bunch up. */
export async function takeToken(db: Queryable, bucket: Bucket, rate: Rate, at: Date | null = null): Promise<Token> {
  const { rows } = await db.query<{ granted: boolean; until: Date; turn: Date }>({
    name: 'take token',
    text: `
      INSERT INTO provider_budgets AS budget (endpoint, kind, next_at) VALUES ($2, $3, coalesce($1, now()) + make_interval(secs => $4))
      ON CONFLICT (endpoint, kind) DO UPDATE SET
        granted = ${FREE_AT} <= coalesce($1, now()),
        next_at = CASE WHEN ${FREE_AT} <= coalesce($1, now())
          THEN greatest(budget.next_at, coalesce($1, now())) + make_interval(secs => $4) ELSE budget.next_at END,
        queued_at = CASE WHEN ${FREE_AT} <= coalesce($1, now())
          THEN budget.queued_at ELSE greatest(budget.queued_at, ${FREE_AT}) + make_interval(secs => $4) END
      RETURNING granted, ${FREE_AT} AS until, queued_at AS turn`,
    values: [at, bucket.endpoint, bucket.kind, 1 / rate.perSecond, (rate.burst - 1) / rate.perSecond],
  })
  const [row] = rows
  if (!row) throw new Error('an upsert returned no row')
  return row.granted ? { granted: true } : { granted: false, until: row.until, turn: row.turn }
}

/**
 * Looks without taking: what has to wait for its token is not to be fetched and measured for nothing first.
 * @returns when the next token is free; null when one is
 */
export async function nextToken(
  db: Queryable,
  bucket: Bucket,
  rate: Rate,
  at: Date | null = null,
): Promise<Date | null> {
  const { rows } = await db.query<{ until: Date }>({
    name: 'next token',
    text: `
      SELECT until FROM (SELECT ${freeAt('$4')} AS until FROM provider_budgets AS budget WHERE endpoint = $2 AND kind = $3) AS next
      WHERE until > coalesce($1, now())`,
    values: [at, bucket.endpoint, bucket.kind, (rate.burst - 1) / rate.perSecond],
  })
  return rows[0]?.until ?? null
}

/** @param burst the parameter that says in how many seconds all but one token of the bucket come back */
const freeAt = (burst: string) => `greatest(budget.held_until, budget.next_at - make_interval(secs => ${burst}))`
const FREE_AT = freeAt('$5')

/**
 * The provider has refused a request: nobody sends another of its kind before `ms` are over, and the refused one's token is free again.
 * @returns until when, by the database's clock
 */
export async function holdBack(
  db: Queryable,
  bucket: Bucket,
  rate: Rate,
  ms: number,
  at: Date | null = null,
): Promise<Date> {
  const { rows } = await db.query<{ held_until: Date }>(
    `UPDATE provider_budgets SET held_until = greatest(held_until, coalesce($1, now()) + make_interval(secs => $4)),
       next_at = next_at - make_interval(secs => $5)
     WHERE endpoint = $2 AND kind = $3 RETURNING held_until`,
    [at, bucket.endpoint, bucket.kind, ms / 1000, 1 / rate.perSecond],
  )
  const [row] = rows
  if (!row) throw new Error('a token was never taken from this bucket')
  return row.held_until
}
