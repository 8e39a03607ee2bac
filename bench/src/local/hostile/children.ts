import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** How often the children are looked at, in ms. What a process had at its peak is kept by Linux until it is gone. */
const INTERVAL_MS = 10

const childrenOfThis = (but: string): string[] =>
  readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter((pid) => pid !== '' && pid !== but),
  )

/** Seconds that a process has kept cores busy; Linux counts in hundredths. */
const cpuOf = (pid: string): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

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

/** Watches this process's children, but one, from outside; on Linux only. */
export function watchChildren(maker: number | undefined) {
  const but = String(maker)
  const peaks = new Map<string, number>()
  const [cpu, cpuBefore] = [new Map<string, number>(), new Map<string, number>()]
  const look = () => {
    for (const pid of childrenOfThis(but)) {
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid)))
      cpu.set(pid, Math.max(cpu.get(pid) ?? 0, cpuOf(pid)))
    }
  }
  const timer = setInterval(look, INTERVAL_MS)
  return {
    /** The most that any child has had, in bytes, and for how long they kept cores busy, since this was asked last. */
    take(): { peak: number; cpuSeconds: number } {
      look()
      const peak = Math.max(0, ...peaks.values())
      peaks.clear()
      let cpuSeconds = 0
      for (const [pid, seconds] of cpu) {
        cpuSeconds += seconds - (cpuBefore.get(pid) ?? 0)
        cpuBefore.set(pid, seconds)
      }
      for (const pid of childrenOfThis(but)) forgetPeak(pid)
      return { peak, cpuSeconds }
    },
    stop: () => clearInterval(timer),
  }
}
