import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import type { FromChild } from './process.ts'

export type Supervised = {
  /** Resolves when the process has said for the first time that it is ready. Rejects when it ends before. */
  ready: Promise<FromChild>
  /** Sends SIGTERM and waits; SIGKILL after `killAfterMs`. */
  stop(killAfterMs: number): Promise<void>
  /** SIGKILL, for a stop that is taking too long. */
  kill(): void
}

const FIRST_RESTART_MS = 200
const LAST_RESTART_MS = 5_000
/** A process that was ready and then lived this long is in no crash loop: its next restart is quick again. */
const STEADY_MS = 2_000

/**
 * Runs a file of ours as a process of its own and starts it again whenever it dies, at once the first time, then more slowly.
 * @param execArgv options of Node itself
 * @param env called for every start, so that a restart can be told what the first start found out
 * @param onRestart told about each death
 * @param args called for every start too: what follows the file on the command line
 */
export function supervise(
  file: string,
  execArgv: string[],
  env: () => NodeJS.ProcessEnv,
  onRestart: (how: string, inMs: number) => void,
  args: () => string[] = () => [],
): Supervised {
  let child: ChildProcess
  let restartMs = FIRST_RESTART_MS
  let stopping = false
  let restartTimer: NodeJS.Timeout | undefined
  let exited = Promise.resolve()
  const first = Promise.withResolvers<FromChild>()
  let wasReady = false

  function start() {
    let readyAt = Number.POSITIVE_INFINITY
    child = fork(path.join(import.meta.dirname, file), args(), {
      execArgv,
      env: env(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', (message: FromChild) => {
      wasReady = true
      readyAt = performance.now()
      first.resolve(message)
    })
    exited = new Promise((resolve) => {
      const ended = (code: number | null, signal: string | null) => {
        resolve()
        if (stopping) return
        // A wrong setting does not get better by trying again.
        if (!wasReady) return first.reject(new Error(`${file} ended with ${signal ?? code} before it was ready.`))
        if (performance.now() - readyAt > STEADY_MS) restartMs = FIRST_RESTART_MS
        onRestart(`${signal ?? `code ${code}`}`, restartMs)
        restartTimer = setTimeout(start, restartMs)
        restartMs = Math.min(LAST_RESTART_MS, restartMs * 2)
      }
      child.once('exit', ended)
      // A process that could not even be made has no exit.
      child.on('error', (error) => child.pid === undefined && ended(null, error.message))
    })
  }
  start()

  return {
    ready: first.promise,
    async stop(killAfterMs) {
      stopping = true
      clearTimeout(restartTimer)
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      await exited
      clearTimeout(kill)
    },
    kill: () => child.kill('SIGKILL'),
  }
}
