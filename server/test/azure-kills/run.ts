import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts'
import { migrate } from '../../src/db/migrate.ts'
import { withArena } from './arena.ts'
import { type Ending, violationsOf } from './check.ts'
import { report } from './report.ts'
import { runRound } from './round.ts'
import { STEPS } from './steps.ts'

/** The long form: so many rounds, each of which kills a worker at every step once. The table goes to standard output, the rest to standard error. */

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, workers: { type: 'string', default: '6' } },
})
const [rounds, workers] = [Number(values.rounds), Number(values.workers)]
if (!(rounds > 0) || !(workers > 1)) throw new Error('usage: npm run kill-azure -- [--rounds 200] [--workers 6]')

let stopping = false
process.once('SIGINT', () => {
  stopping = true
  console.error('Ends after this round. Once more to end now, which leaves its PostgreSQL running.')
})
const folder = await mkdtemp(path.join(tmpdir(), 'adp-kill-azure-'))
const server = await startEmbeddedPostgres(path.join(folder, 'postgres'))
try {
  await migrate(server.url)
  const endings: Ending[] = []
  const crashed = await withArena(server.url, workers, async (arena) => {
    for (let n = 0; n < rounds && !stopping; n += 1) {
      const began = performance.now()
      const round = await runRound(arena, n)
      endings.push(...round)
      console.error(
        `round ${n + 1}: ${((performance.now() - began) / 1000).toFixed(1)} s`,
        ...round.flatMap(violationsOf),
      )
    }
    return arena.workers.crashed()
  })
  console.log(report(endings))
  const violations = [...endings.flatMap(violationsOf), ...crashed.map((how) => `a worker ended by itself: ${how}`)]
  console.log(
    `\n${endings.length / STEPS.length} rounds, ${endings.length} documents, ${violations.length} violations.`,
  )
  if (violations.length > 0) process.exitCode = 1
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
