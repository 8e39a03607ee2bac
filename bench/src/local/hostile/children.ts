import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** How often the children are looked at, in ms. What a process had at its peak is kept by Linux until it is gone. */
const INTERVAL_MS = 10

/** A process, or a program that it runs: what it has used, in seconds, and its peak in bytes. */
type Usage = { cpu: number; waited: number; peak: number }
const NONE: Usage = { cpu: 0, waited: 0, peak: 0 }

const read = (pid: string, file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8')

const startedBy = (pid: string): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) => read(pid, `task/${thread}/children`).trim().split(' '))
      .filter(Boolean)
  } catch {
    return []
  }
}

/** Linux counts in hundredths of a second what a process has used, and in ns how long each of its threads was ready and had no core. */
const usageOf = (pid: string): Usage => {
  try {
    const stat = read(pid, 'stat')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const waits = readdirSync(`/proc/${pid}/task`).map((thread) => read(pid, `task/${thread}/schedstat`).split(' ')[1])
    return {
      cpu: (Number(fields[11]) + Number(fields[12])) / 100,
      waited: waits.reduce((sum, wait) => sum + Number(wait), 0) / 1e9,
      peak: Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(pid, 'status'))?.[1] ?? 0) * 1024,
    }
  } catch {
    return NONE
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

const larger = (one: Usage = NONE, other: Usage): Usage => ({
  cpu: Math.max(one.cpu, other.cpu),
  waited: Math.max(one.waited, other.waited),
  peak: Math.max(one.peak, other.peak),
})

/** Watches this process's children, but one, and the programs that they run (Tesseract), from outside; on Linux only. */
export function watchChildren(maker: number | undefined) {
  const children = () => startedBy('self').filter((pid) => pid !== String(maker))
  const usages = new Map<string, Usage>()
  /** The most that a child had together with the program that it ran, if their peaks came at once. */
  let peak = 0
  const look = () => {
    for (const child of children()) {
      const family = [child, ...startedBy(child)]
      for (const pid of family) usages.set(pid, larger(usages.get(pid), usageOf(pid)))
      peak = Math.max(
        peak,
        family.reduce((sum, pid) => sum + (usages.get(pid)?.peak ?? 0), 0),
      )
    }
  }
  const timer = setInterval(look, INTERVAL_MS)
  /** Of all that there have been. */
  const spent = () => {
    look()
    let [cpu, waited] = [0, 0]
    for (const usage of usages.values()) {
      cpu += usage.cpu
      waited += usage.waited
    }
    return { cpu, waited }
  }
  return {
    /** For how long they have kept cores busy so far, and waited for one, in seconds. */
    spent,
    /** The most that any child has had since this was asked last, in bytes. */
    takePeak(): number {
      look()
      const taken = peak
      for (const [pid, usage] of usages) usages.set(pid, { ...usage, peak: 0 })
      peak = 0
      for (const pid of children()) forgetPeak(pid)
      return taken
    },
    stop: () => clearInterval(timer),
  }
}
