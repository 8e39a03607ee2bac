import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createPool, type Pool } from '../../src/db/client.ts'
import { check, type Violation } from './checker.ts'
import { startDatabase } from './database.ts'
import { type Evidence, readLogs, readTables } from './evidence.ts'
import { delayClaims, inflict } from './faults.ts'
import { type Figures, figuresOf } from './figures.ts'
import { startFleet } from './fleet.ts'
import { startPeople, untilAnswered } from './people.ts'
import { planFaults } from './plan.ts'
import { startProxy } from './proxy.ts'

export type RoundOptions = {
  /** For the database and all logs; must not exist. */
  folder: string
  seed: number
  jobs: number
  /** Of each worker. */
  slots: number
  /** How long jobs keep arriving. Faults go on until each kind has happened and all jobs are finished, or for twice as long. */
  arrivalMs: number
}

export type Round = { seed: number; figures: Figures; violations: Violation[]; ms: number }

const WORKERS = 8
const TIMEOUT_MS = 5_000
/** Once the faults are over every job is finished within this time, or hangs. */
const DRAIN_MS = 180_000
const CALM_MS = 150_000

/** One round: a database and workers of its own, jobs, faults, and what the checker says when all is quiet again. */
export async function runRound({ folder, seed, jobs, slots, arrivalMs }: RoundOptions): Promise<Round> {
  const began = performance.now()
  await using cleanup = new AsyncDisposableStack()
  await mkdir(folder, { recursive: true })
  const database = await startDatabase(path.join(folder, 'postgres'))
  cleanup.defer(() => database.stop())
  const proxy = await startProxy(database.port)
  cleanup.defer(() => proxy.close())
  const proxied = new URL(database.url)
  proxied.port = String(proxy.port)
  const pool = createPool(proxied.href, 'people', 4, () => {})
  cleanup.defer(() => pool.end())
  const options = { databaseUrl: proxied.href, seed, slots, timeoutMs: TIMEOUT_MS, graceMs: 200 }
  const fleet = startFleet(WORKERS, folder, options)
  cleanup.defer(() => fleet.kill())

  const plan = planFaults(seed, 100)
  const over = Date.now() + 2 * arrivalMs
  const people = startPeople(pool, seed, jobs, arrivalMs)
  let drained = false
  const draining = people.done
    .then(() => untilFinished(pool, over + DRAIN_MS))
    .finally(() => {
      drained = true
    })
  // Awaited below, once nothing breaks any more.
  draining.catch(() => {})
  const enough = () => drained || Date.now() > over
  const faults = await inflict(plan, { fleet, proxy, database, timeoutMs: TIMEOUT_MS }, enough)
  proxy.disarm()
  fleet.thawAll()
  await draining

  // From here on no connection is made anew, which would make a worker look for what it holds without knowing: it has to do so by itself.
  delayClaims(proxy, WORKERS / 2, faults)
  await people.submitMore(WORKERS * slots * 4)
  await untilFinished(pool, Date.now() + CALM_MS)

  const exits = await fleet.stop()
  const log = await readLogs(folder)
  const evidence: Evidence = { ...(await readTables(database.url)), log, exits, ...people.acknowledged }
  const violations = check(evidence)
  if (violations.length > 0)
    await writeFile(path.join(folder, 'evidence.json'), JSON.stringify({ violations, evidence }))
  return { seed, figures: figuresOf(evidence, faults), violations, ms: performance.now() - began }
}

/** Until all jobs are finished, or the deadline has passed. */
async function untilFinished(pool: Pool, deadline: number): Promise<void> {
  while (Date.now() < deadline) {
    const { rowCount } = await untilAnswered(() =>
      pool.query("SELECT FROM document_processing_jobs WHERE status IN ('PENDING', 'PROCESSING') LIMIT 1"),
    )
    if (rowCount === 0) return
    await delay(250)
  }
}
