import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** How often the children are looked at, in ms. What a process had at its peak is kept by Linux until it is gone. */
const INTERVAL_MS = 10

const childrenOfThis = (): string[] =>
  readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
  )

const peakOf = (pid: string): number => {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Has Linux begin anew with a process's peak, at what it has now (proc(5), clear_refs). */
const forgetPeak = (pid: string) => {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // It is gone.
  }
}

/** Watches the memory of this process's children, from outside; on Linux only. */
export function watchChildren() {
  const peaks = new Map<string, number>()
  const look = () => {
    for (const pid of childrenOfThis()) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid)))
  }
  const timer = setInterval(look, INTERVAL_MS)
  return {
    /** The most that any child has had, in bytes, since this was asked last. */
    takePeak(): number {
      look()
      const peak = Math.max(0, ...peaks.values())
      peaks.clear()
      for (const pid of childrenOfThis()) forgetPeak(pid)
      return peak
    },
    stop: () => clearInterval(timer),
  }
}
