import type { Logger } from 'pino'

/** What a process of ours tells the one that started it. */
export type FromChild = { type: 'ready'; url?: string }

export function tellParent(message: FromChild): void {
  process.send?.(message)
}

export type StopReason = 'signal' | 'orphaned'

/**
 * Calls `stop` once, on SIGTERM, SIGINT or SIGHUP (the terminal was closed), when npm that ran this was killed, or when the process that started this one is gone (its IPC channel closes), and then exits.
 * A supervised process leaves SIGINT and SIGHUP to its supervisor: they reach all of a terminal's processes at once, and who gets them
 * first must not stop what the others still need.
 * @param hurry called at a second signal
 */
export function stopInOrder(
  log: Logger,
  stop: (reason: StopReason) => Promise<void>,
  hurry: () => void = () => process.exit(1),
): void {
  const supervised = process.send !== undefined
  let stopping = false
  const begin = async (reason: StopReason) => {
    if (stopping) {
      if (reason === 'signal' && !supervised) hurry()
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
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => (supervised ? undefined : begin('signal')))
  if (supervised) process.on('disconnect', () => begin('orphaned'))
  else if (process.env.npm_lifecycle_event) whenParentIsGone(() => begin('signal'))
}

/** npm passes SIGTERM to the shell between, which dies of it and tells nobody; then this process has another parent. */
function whenParentIsGone(then: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    then()
  }, 500)
  watch.unref()
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
