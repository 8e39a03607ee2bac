import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'

const WORKER = path.resolve(import.meta.dirname, '../../src/worker.ts')

/** A line of a worker's log. */
export type LogLine = { pid: number; msg: string; document_id?: string; claim?: number; detail?: string; code?: string }

export type Workers = {
  pids(): number[]
  /** kill -9, and another process in its place. Resolves when it is gone and all it had said is in the log. */
  kill(pid: number): Promise<void>
  /** Of all processes that there ever were, in the order in which it came. */
  log(): LogLine[]
  /** Those that ended without being killed. */
  crashed(): string[]
  stop(): Promise<void>
}

type Member = { child: ChildProcess; closed: Promise<void> }

/**
 * Real worker processes, as `npm run worker` starts them. Resolves when all are up.
 * @param env over this process's own
 */
export async function startWorkers(count: number, env: NodeJS.ProcessEnv): Promise<Workers> {
  const members = new Map<number, Member>()
  const lines: LogLine[] = []
  const crashed: string[] = []
  let stopping = false

  function start(): Promise<void> {
    const child = fork(WORKER, {
      env: { ...process.env, LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    })
    const pid = child.pid as number
    const said: string[] = []
    createInterface(child.stderr as NodeJS.ReadableStream).on('line', (line) => {
      if (line.startsWith('{')) lines.push(JSON.parse(line))
      else said.push(line)
    })
    const closed = new Promise<void>((resolve) => {
      child.once('close', (code, signal) => {
        if (!stopping && members.has(pid)) crashed.push(`${pid}: ${code ?? signal} ${said.join(' ')}`)
        resolve()
      })
    })
    members.set(pid, { child, closed })
    return new Promise((resolve) => {
      child.once('message', () => resolve())
      void closed.then(resolve)
    })
  }

  await Promise.all(Array.from({ length: count }, start))
  return {
    pids: () => [...members.keys()],
    async kill(pid) {
      const member = members.get(pid)
      if (!member) throw new Error(`${pid} is no worker of this fleet`)
      members.delete(pid)
      member.child.kill('SIGKILL')
      void start()
      await member.closed
    },
    log: () => lines,
    crashed: () => crashed,
    async stop() {
      stopping = true
      for (const { child } of members.values()) child.kill('SIGTERM')
      await Promise.all([...members.values()].map(({ closed }) => closed))
    },
  }
}
