import type { Logger } from 'pino'

/** What a process of ours tells the one that started it. */
export type FromChild = { type: 'ready'; url?: string }

export function tellParent(message: FromChild): void {
  process.send?.(message)
}

export type StopReason = 'signal' | 'orphaned'

/**
 * Calls `stop` once, on SIGTERM, SIGINT, or when the process that started this one is gone (its IPC channel closes), and then exits.
 * A second signal exits at once.
 */
export function stopInOrder(log: Logger, stop: (reason: StopReason) => Promise<void>): void {
  let stopping = false
  const begin = async (reason: StopReason) => {
    if (stopping) {
      if (reason === 'signal') process.exit(1)
      return
    }
    stopping = true
    try {
      await stop(reason)
      process.exit(0)
    } catch (error) {
      log.error({ err: error }, 'could not stop in order')
      process.exit(1)
    }
  }
  process.on('SIGTERM', () => begin('signal'))
  process.on('SIGINT', () => begin('signal'))
  if (process.send) process.on('disconnect', () => begin('orphaned'))
}

/** Runs a process's main; what it throws is said in one sentence, since it is nearly always a setting. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    if (process.env.LOG_LEVEL === 'debug') console.error(error)
    process.exit(1)
  }
}
