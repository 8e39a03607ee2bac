import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { runRound } from '../../test/chaos/round.ts'

/** One short round; `npm run chaos -- --minutes 20` runs long ones. */
test('whatever is killed, frozen or cut, no job is lost, finished twice or written by a stale claim', async () => {
  const seed = Date.now() % 1_000_000
  const folder = await mkdtemp(path.join(tmpdir(), 'adp-chaos-'))
  const { figures, violations } = await runRound({ folder, seed, jobs: 200, slots: 2, arrivalMs: 10_000 })
  expect(violations, `seed ${seed}, logs in ${folder}`).toEqual([])
  const missing = Object.entries(figures.faults).filter(([, times]) => times === 0)
  expect(missing).toEqual([])
  await rm(folder, { recursive: true })
}, 600_000)
