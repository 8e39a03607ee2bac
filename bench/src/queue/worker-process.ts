import { clock } from './clock.ts'
import type { Worker } from './contestant.ts'
import { loadContestant } from './contestants.ts'
import type { FromWorker, ToWorker, WorkerArguments } from './worker-messages.ts'

/** One worker of one contestant, in a process of its own. It says when it is warm, and takes jobs when told to. */
const { contestant: key, url, warm, pace, timeoutMs, mode } = JSON.parse(process.argv[2] ?? '') as WorkerArguments

const tell = (message: FromWorker) => process.send?.(message)
const keys: string[] = []
let release = Promise.withResolvers<void>()

const handlers = {
  count: (key: string) => {
    keys.push(key)
  },
  report: (key: string) => {
    tell({ type: 'began', key, at: clock() })
    keys.push(key)
  },
  hold: async (key: string) => {
    tell({ type: 'began', key, at: clock() })
    keys.push(key)
    await release.promise
  },
}

const contestant = await loadContestant(key)
if (warm) await warmUp(warm.url, warm.jobs)
const worker = await contestant.openWorker({ url, pace, timeoutMs, handle: handlers[mode] })

/** Runs jobs of another database first, so that the code is compiled and the clock times no beginner. */
async function warmUp(url: string, jobs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let done = 0
  const handle = () => {
    done += 1
    if (done === jobs) resolve()
  }
  const beginner: Worker = await contestant.openWorker({ url, pace, timeoutMs, handle })
  await beginner.start()
  await promise
  await beginner.stop()
}

let told = 0
const progress = setInterval(() => {
  if (keys.length === told) return
  told = keys.length
  tell({ type: 'progress', handled: told })
}, 5)

process.on('message', async (message: ToWorker) => {
  if (message === 'start') await worker.start()
  if (message === 'release') {
    release.resolve()
    release = Promise.withResolvers()
  }
  if (message === 'stop') {
    clearInterval(progress)
    await worker.stop()
    process.send?.({ type: 'stopped', keys } satisfies FromWorker, () => process.disconnect())
  }
})
// Its parent is gone, or has heard all it wants to know.
process.on('disconnect', () => process.exit())
tell({ type: 'ready' })
