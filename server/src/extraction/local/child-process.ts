import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { messageOf } from './failure.ts'
import { killGroup } from './kill-group.ts'
import { withoutNetwork } from './no-network.ts'
import type { ParentMessage } from './protocol.ts'
import { keepTail } from './tail.ts'

export type Exit = { code: number | null; signal: NodeJS.Signals | null; stderr: string }

/** A running child. Nothing here throws or emits an `error`: whatever goes wrong with it ends in `exited`. */
export type Child = {
  readonly pid: number
  /** The only one that it may write in; it goes with it. */
  readonly folder: string
  /** Pages that it has read since it was started. */
  pages: number
  alive(): boolean
  /** The one who hears what the child says; the last one that was set. */
  onMessage(listener: (message: unknown) => void): void
  send(message: ParentMessage): void
  kill(): void
  /** Resolves, never rejects, when the process is gone. */
  readonly exited: Promise<Exit>
}

export type SpawnOptions = {
  script: string
  args: string[]
  /** In which it gets a folder of its own, where it runs and may write; that goes with it. */
  folder: string
  memoryBytes: number
  /** Whether it may start programs. */
  mayStartPrograms: boolean
  log: Logger
}

/** What a program needs in order to run at all. Everything else in our environment is none of the parser's business. */
const HARMLESS_ENV = ['PATH', 'LANG', 'SystemRoot', 'windir', 'ComSpec', 'PATHEXT']

const childEnv = (folder: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(HARMLESS_ENV.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
  TMPDIR: folder,
  TEMP: folder,
  TMP: folder,
  // glibc keeps an arena of freed memory for each thread: up to 8 a core, all of which count as used.
  MALLOC_ARENA_MAX: '2',
})

/** JavaScript's share of the memory. The rest is for PDFium, libvips and Tesseract, which need most of it. */
const heapMegabytes = (memoryBytes: number) => Math.max(64, Math.floor(memoryBytes / 2 / 2 ** 20))

/**
 * What JavaScript may do in it: read, write in its own folder, load native code, which these rules do not bind. What a library would do
 * besides, by mistake or because a file made it, is an error.
 */
const permissions = (folder: string, mayStartPrograms: boolean): string[] => [
  ...['--permission', '--allow-fs-read=*', `--allow-fs-write=${folder}`, '--allow-addons', '--allow-worker'],
  ...(mayStartPrograms ? ['--allow-child-process'] : []),
  // It is said of each of these that it is to be used with care.
  '--disable-warning=SecurityWarning',
]

const exitOf = (child: ChildProcess): Promise<Exit> => {
  const stderr = child.stderr ? keepTail(child.stderr) : () => ''
  return new Promise((resolve) => {
    // `close` comes after `exit`, when the last of stderr has arrived. `error` without a pid: it never started.
    child.on('close', (code, signal) => resolve({ code, signal, stderr: stderr() }))
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, stderr: error.message })
    })
  })
}

const lowerPriority = (pid: number, log: Logger) => {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch (error) {
    log.debug({ pid, reason: messageOf(error) }, 'The priority of an extraction process could not be lowered')
  }
}

/** Starts a child. What is sent to it before it listens waits for it. */
export const spawnChild = ({ script, args, folder, memoryBytes, mayStartPrograms, log }: SpawnOptions): Child => {
  const own = mkdtempSync(join(folder, 'child-'))
  const node = [
    ...[process.execPath, `--max-old-space-size=${heapMegabytes(memoryBytes)}`],
    ...permissions(own, mayStartPrograms),
  ]
  const [execPath, ...execArgv] = [...withoutNetwork(), ...node]
  const child = fork(script, args, {
    cwd: own,
    env: childEnv(own),
    execArgv,
    ...(execPath && { execPath }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // In a process group of its own: Ctrl-C in a terminal must not kill it under a worker that is finishing its documents.
    detached: process.platform !== 'win32',
  })
  const { pid = 0 } = child
  const exited = exitOf(child)
  // What cannot be removed now goes with the folder around it.
  void exited.then(() => rm(own, { recursive: true, force: true })).catch(() => {})
  // What it had started would go on without it.
  child.once('exit', () => killGroup(pid))
  let listener: (message: unknown) => void = () => {}
  child.on('message', (message) => listener(message))
  if (pid > 0) lowerPriority(pid, log)
  return {
    pid,
    folder: own,
    pages: 0,
    exited,
    alive: () => !child.killed && child.exitCode === null && child.signalCode === null && child.connected,
    onMessage: (to) => {
      listener = to
    },
    // With a callback a closed channel is told to it and not thrown; the exit says the rest.
    send: (message) => void child.send(message, () => {}),
    kill: () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      killGroup(pid)
      child.kill('SIGKILL')
    },
  }
}
