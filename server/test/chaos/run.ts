import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { report } from './report.ts'
import { type Round, runRound } from './round.ts'

/** The long form: rounds of 2,000 jobs until the time is over. The report goes to standard output, what happens to standard error. */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    jobs: { type: 'string', default: '2000' },
  },
})
const [minutes, firstSeed, jobs] = [Number(values.minutes), Number(values.seed), Number(values.jobs)]
if (!(minutes > 0) || !Number.isInteger(firstSeed) || !(jobs > 0)) {
  throw new Error('usage: npm run chaos -- [--minutes 20] [--seed N] [--jobs 2000]')
}

const folder = await mkdtemp(path.join(tmpdir(), 'adp-chaos-'))
let stopping = false
process.once('SIGINT', () => {
  stopping = true
  console.error('Ends after this round. Once more to end now, which leaves its PostgreSQL running.')
})

const until = Date.now() + minutes * 60_000
const rounds: Round[] = []
for (let seed = firstSeed; rounds.length === 0 || (Date.now() < until && !stopping); seed += 1) {
  const logs = path.join(folder, String(seed))
  console.error(`round ${rounds.length + 1}, seed ${seed}, in ${logs}`)
  const round = await runRound({ folder: logs, seed, jobs, slots: 4, arrivalMs: jobs * 15 })
  rounds.push(round)
  console.error(`  ${Math.round(round.ms / 1000)} s, ${round.violations.length} violations`)
  if (round.violations.length === 0) await rm(logs, { recursive: true })
}
console.log(report(rounds))
if (rounds.some((round) => round.violations.length > 0)) {
  console.error(`The logs and the evidence are in ${folder}.`)
  process.exitCode = 1
} else {
  await rm(folder, { recursive: true, force: true })
}
