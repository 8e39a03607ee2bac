import { expect, test } from 'vitest'
import { withArena } from '../../test/azure-kills/arena.ts'
import { violationsOf } from '../../test/azure-kills/check.ts'
import { runRound } from '../../test/azure-kills/round.ts'
import { useDatabase } from '../../test/database.ts'

const database = useDatabase()

/** One round; `npm run kill-azure -- --rounds 200` runs many. */
test('a worker killed at whatever step of a document loses no result and pays twice in the one window only', async () => {
  await withArena(database.url, 4, async (arena) => {
    const endings = await runRound(arena, Date.now())
    expect(endings.flatMap(violationsOf)).toEqual([])
    expect(arena.workers.crashed()).toEqual([])
  })
})
