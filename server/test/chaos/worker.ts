import { openSync, writeSync } from 'node:fs'
import { pino } from 'pino'
import { createPool } from '../../src/db/client.ts'
import { stopInOrder } from '../../src/process.ts'
import { startRunner } from '../../src/queue/runner.ts'
import { handle, type WriteDown } from './handler.ts'
import { endedBy, witnessed } from './witness.ts'

/** A worker process of the chaos test: the real runner on the real queue, with a handler that writes down all it does. */

export type WorkerOptions = {
  name: string
  databaseUrl: string
  logFile: string
  seed: number
  slots: number
  timeoutMs: number
  graceMs: number
}

const { name, databaseUrl, logFile, seed, slots, timeoutMs, graceMs }: WorkerOptions = JSON.parse(process.argv[2] ?? '')

/** How handlers have ended whose claims are not acknowledged to have ended yet. */
const ending = new Map<string, string>()
const file = openSync(logFile, 'a')
const writeDown: WriteDown = (line) => {
  writeSync(file, `${JSON.stringify({ at: Date.now(), worker: name, ...line })}\n`)
  if (line.event === 'ending') ending.set(`${line.job}/${line.claim}`, line.ending ?? '')
}
const log = pino({ name }, pino.destination({ dest: `${logFile}.pino`, sync: true }))

/** The name of a connection in the URL wins over any other, so that the proxy and the audit know whose it is. */
function urlFor(purpose: string): string {
  const url = new URL(databaseUrl)
  url.searchParams.set('application_name', `${name} ${purpose}`)
  return url.href
}

const pool = createPool(urlFor('pool'), name, slots + 2, (error) =>
  log.warn({ reason: error.message }, 'idle connection broke'),
)

const witness = witnessed(pool, (values, answer) => {
  for (const of of endedBy(values, answer)) {
    const how = ending.get(`${of.job}/${of.claim}`)
    if (how === undefined) continue
    ending.delete(`${of.job}/${of.claim}`)
    writeDown({ event: 'acknowledged', ...of, ending: how })
  }
})

const runner = startRunner({
  pool: witness,
  databaseUrl: urlFor('session'),
  name,
  version: 'chaos',
  slots,
  timeoutMs,
  log,
  handle: (job, signal) => handle({ pool, log, writeDown, worker: name, seed }, job, signal),
})

stopInOrder(log, async (reason) => {
  await runner.stop(reason === 'signal' ? graceMs : 0)
  await pool.end()
})
