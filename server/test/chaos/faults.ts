import { setTimeout as delay } from 'node:timers/promises'
import type { CrashableDatabase } from './database.ts'
import type { Fleet } from './fleet.ts'
import { BAG_SIZE, FAULTS, type Fault, type FaultKind } from './plan.ts'
import type { FaultyProxy } from './proxy.ts'

type Targets = { fleet: Fleet; proxy: FaultyProxy; database: CrashableDatabase; timeoutMs: number }

/** Who waits longer for each kind to happen waits in vain. */
const MOST_FOR_ALL = 4 * BAG_SIZE

export type FaultCounts = Record<FaultKind, number>

/**
 * Does to the processes what is planned, in that order: the first bag in any case, and on until each kind has happened and it is enough.
 * Cuts that wait for their statement, and pauses, go on beside what comes next.
 * @returns how often each kind has happened; a cut counts when a connection was broken by it
 */
export async function inflict(faults: Fault[], targets: Targets, enough: () => boolean): Promise<FaultCounts> {
  const counts = Object.fromEntries(FAULTS.map((kind) => [kind, 0])) as FaultCounts
  for (const [n, fault] of faults.entries()) {
    const missing = n < BAG_SIZE || (n < MOST_FOR_ALL && Object.values(counts).includes(0))
    if (!missing && enough()) break
    await delay(fault.afterMs)
    await apply(fault, targets, () => {
      counts[fault.kind] += 1
    })
  }
  return counts
}

/** The last faults: so many claims are carried out long after those who sent them have seen the connection break and looked again. */
export function delayClaims(proxy: FaultyProxy, times: number, counts: FaultCounts): void {
  for (let n = 0; n < times; n += 1) {
    proxy.cutNext({ arrivesLateMs: 1_200 }, isClaim, () => {
      counts['cut, and the claim arrives late'] += 1
    })
  }
}

const isClaim = (bytes: string) => bytes.includes('finish and claim')

async function apply({ kind, slot, extent }: Fault, targets: Targets, happened: () => void): Promise<void> {
  const { fleet, proxy, database, timeoutMs } = targets
  const name = fleet.nameIn(slot)
  const happenedIf = (connections: number) => connections > 0 && happened()
  // Some statements are left alone first, or every cut would hit the next beat or claim.
  let left = Math.floor(extent * 20)
  const after = (wanted: (bytes: string) => boolean) => (bytes: string) => wanted(bytes) && left-- <= 0
  const anything = after(() => true)

  switch (kind) {
    case 'kill -9 of a worker':
      fleet.replace(slot, 'SIGKILL')
      return happened()
    case 'SIGTERM of a worker':
      fleet.replace(slot, 'SIGTERM')
      return happened()
    case 'freeze of a worker':
      fleet.freeze(slot, extent * (timeoutMs - 500))
      return happened()
    case 'freeze past the timeout':
      fleet.freeze(slot, timeoutMs + 1_000 + extent * 3_000)
      return happened()
    case 'immediate shutdown of PostgreSQL':
      await database.crash('SIGQUIT')
      return happened()
    case 'kill -9 of PostgreSQL':
      await database.crash('SIGKILL')
      return happened()
    case 'cut in a statement':
      return proxy.cutNext('in the statement', anything, happened)
    case 'cut before an answer':
      return proxy.cutNext('before the answer', anything, happened)
    case 'cut before the answer to a COMMIT':
      left = Math.floor(extent * 3)
      return proxy.cutNext(
        'before the answer',
        after((bytes) => bytes.includes('COMMIT')),
        happened,
      )
    case 'cut, and the claim arrives late':
      // A claim: of all statements the one that gives this worker something without its knowing.
      left = Math.floor(extent * 3)
      return proxy.cutNext({ arrivesLateMs: extent * 3_000 }, after(isClaim), happened)
    case 'cut of a session':
      happenedIf(proxy.cut((found) => found === `${name} session`))
      return
    case 'cut of a worker':
      happenedIf(proxy.cut((found) => found.startsWith(`${name} `)))
      return
    case 'network of a worker held up':
      proxy.hold((found) => found.startsWith(`${name} `), timeoutMs * (0.5 + extent))
      return happened()
  }
}
