import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Exit } from './evidence.ts'
import type { WorkerOptions } from './worker.ts'

type Member = {
  name: string
  child: ChildProcess
  asked: Exit['asked']
  exited: Promise<void>
  thaw: NodeJS.Timeout | undefined
}

export type Fleet = {
  /** The name of the process in a slot: each process has a name of its own. */
  nameIn(slot: number): string
  /** Sends the signal, and starts another process in its place. */
  replace(slot: number, signal: 'SIGKILL' | 'SIGTERM'): void
  /** SIGSTOP, and SIGCONT after so long if it is alive then. */
  freeze(slot: number, ms: number): void
  /** SIGCONT for whoever is stopped. */
  thawAll(): void
  /** Ends all in order. @returns how each process that there ever was has ended */
  stop(): Promise<Exit[]>
  /** Ends all at once. */
  kill(): void
}

/** Longer than a worker's own time for its goodbye: who is still there then hangs. */
const STOP_MS = 30_000

/** Worker processes, so many at a time; who ends is replaced. */
export function startFleet(size: number, folder: string, options: Omit<WorkerOptions, 'name' | 'logFile'>): Fleet {
  const exits: Exit[] = []
  const living = new Set<Member>()
  let started = 0
  let stopping = false
  const slots = Array.from({ length: size }, () => start())

  function start(): Member {
    started += 1
    const name = `w${started}`
    const child = forkWorker(folder, { ...options, name, logFile: path.join(folder, `${name}.jsonl`) })
    const member: Member = { name, child, asked: null, thaw: undefined, exited: Promise.resolve() }
    member.exited = new Promise((resolve) => {
      child.once('exit', async (code, signal) => {
        const at = Date.now()
        clearTimeout(member.thaw)
        living.delete(member)
        const slot = slots.indexOf(member)
        if (slot >= 0 && !stopping) slots[slot] = start()
        const stderr = await readFile(path.join(folder, `${name}.stderr`), 'utf8')
        exits.push({ name, at, code, signal, asked: member.asked, stderr })
        resolve()
      })
    })
    living.add(member)
    return member
  }

  const inSlot = (slot: number): Member => {
    const member = slots[slot % size]
    if (!member) throw new Error(`there is no slot ${slot}`)
    return member
  }
  const thaw = (member: Member) => {
    clearTimeout(member.thaw)
    member.child.kill('SIGCONT')
  }
  const ask = (member: Member, signal: 'SIGKILL' | 'SIGTERM') => {
    member.asked = signal
    member.child.kill(signal)
  }

  return {
    nameIn: (slot) => inSlot(slot).name,
    replace(slot, signal) {
      const member = inSlot(slot)
      slots[slot % size] = start()
      ask(member, signal)
    },
    freeze(slot, ms) {
      const member = inSlot(slot)
      clearTimeout(member.thaw)
      member.child.kill('SIGSTOP')
      member.thaw = setTimeout(() => member.child.kill('SIGCONT'), ms)
    },
    thawAll: () => living.forEach(thaw),
    async stop() {
      stopping = true
      const all = [...living]
      for (const member of all) {
        thaw(member)
        ask(member, 'SIGTERM')
      }
      const hung = setTimeout(() => {
        for (const member of living) member.child.kill('SIGKILL')
      }, STOP_MS)
      await Promise.all(all.map((member) => member.exited))
      clearTimeout(hung)
      return exits
    },
    kill() {
      stopping = true
      for (const member of living) member.child.kill('SIGKILL')
    },
  }
}

function forkWorker(folder: string, options: WorkerOptions): ChildProcess {
  const stderr = openSync(path.join(folder, `${options.name}.stderr`), 'w')
  try {
    return fork(path.join(import.meta.dirname, 'worker.ts'), [JSON.stringify(options)], {
      stdio: ['ignore', stderr, stderr, 'ipc'],
      execArgv: [],
    })
  } finally {
    closeSync(stderr)
  }
}
