import { fork } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { migrate } from '../../../server/src/db/migrate.ts'
import { startPostgresql } from './stores.ts'

/**
 * What a worker of the product costs that has nothing to do: its processor time and its statements. Linux only: it reads /proc.
 *
 *   npm run bench:queue:idle -- [--seconds 60]
 */
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const seconds = Number(values.seconds)
const TICKS_A_SECOND = 100

async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may have spaces; user and system time are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}

const server = await startPostgresql()
const folder = await mkdtemp(path.join(tmpdir(), 'adp-bench-idle-'))
try {
  const url = await server.fresh('idle')
  await migrate(url)
  const worker = fork(path.resolve(import.meta.dirname, '../../../server/src/worker.ts'), {
    env: { ...process.env, DATABASE_URL: url, DATA_DIR: folder, LOG_LEVEL: 'error' },
  })
  await new Promise((resolve) => worker.once('message', resolve))
  await delay(5_000)

  const admin = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href })
  await admin.connect()
  const transactions = async () => {
    const { rows } = await admin.query(
      "SELECT xact_commit + xact_rollback AS n FROM pg_stat_database WHERE datname = 'idle'",
    )
    return Number(rows[0].n)
  }
  const pid = worker.pid ?? 0
  // Each of an idle worker's statements is a transaction of its own.
  const before = [await processorSeconds(pid), await transactions()] as const
  await delay(seconds * 1_000)
  const after = [await processorSeconds(pid), await transactions()] as const
  console.log(
    `An idle worker over ${seconds} s: ${(((after[0] - before[0]) / seconds) * 100).toFixed(2)} % of a core, ` +
      `${((after[1] - before[1]) / seconds).toFixed(2)} statements a second (autovacuum included)`,
  )
  await admin.end()
  const gone = new Promise((resolve) => worker.once('exit', resolve))
  worker.kill('SIGTERM')
  await gone
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
