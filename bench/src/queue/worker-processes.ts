import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import type { FromWorker, ToWorker, WorkerArguments } from './worker-messages.ts'

const FILE = path.join(import.meta.dirname, 'worker-process.ts')

export type Began = { key: string; at: number; by: WorkerProcess }

export type WorkerProcess = {
  /** Handlers called so far, a few milliseconds old. */
  handled(): number
  tell(message: ToWorker): void
  signal(signal: NodeJS.Signals): void
  /** Leaves in order. Resolves to the key of every handler that was called. */
  stop(): Promise<string[]>
  /** Resolves when it is gone, whatever the reason. */
  exited: Promise<void>
}

/**
 * Forks a worker of a contestant and resolves when it is connected and warm.
 * @param onBegan told of every job that begins, where the mode is to report it
 */
export async function startWorkerProcess(
  args: WorkerArguments,
  onBegan: (began: Began) => void = () => {},
): Promise<WorkerProcess> {
  const child: ChildProcess = fork(FILE, [JSON.stringify(args)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ready = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<string[]>()
  stopped.promise.catch(() => {})
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void exited.then(() => {
    const error = new Error(`the worker of ${args.contestant} ended: ${child.signalCode ?? child.exitCode}`)
    ready.reject(error)
    stopped.reject(error)
  })

  let handled = 0
  const worker: WorkerProcess = {
    handled: () => handled,
    tell: (message) => child.send(message),
    signal: (signal) => child.kill(signal),
    async stop() {
      child.send('stop' satisfies ToWorker)
      const keys = await stopped.promise
      await exited
      return keys
    },
    exited,
  }
  child.on('message', (message: FromWorker) => {
    if (message.type === 'ready') ready.resolve()
    if (message.type === 'progress') handled = message.handled
    if (message.type === 'began') onBegan({ key: message.key, at: message.at, by: worker })
    if (message.type === 'stopped') stopped.resolve(message.keys)
  })
  await ready.promise
  return worker
}
