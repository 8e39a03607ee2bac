import { readFileSync } from 'node:fs'
import pidusage from 'pidusage'

/** What a process and the programs that it runs have in memory, and what the process itself has used of the cores since it was started. */
export type ProcessUsage = { residentBytes: number; cpuMs: number }

const GONE: ProcessUsage = { residentBytes: 0, cpuMs: 0 }

/** Linux counts in hundredths of a second wherever Node runs (USER_HZ). */
const MS_PER_TICK = 10

/** Files in memory, read in 10 µs each: waiting for them would take ten times as long. */
const read = (pid: number | string, file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8')

const onLinux = (pid: number | string): ProcessUsage => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(pid, 'status'))
  const stat = read(pid, 'stat')
  // proc(5): the name, in brackets, may have spaces and brackets; the 12th and 13th field behind it are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const cpuMs = (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
  return { residentBytes: Number(kilobytes?.[1] ?? 0) * 1024, cpuMs }
}

/** Programs that a process has started from its first thread, as Node does. */
const startedBy = (pid: number): string[] => read(pid, `task/${pid}/children`).split(' ').filter(Boolean)

const safely = (usage: () => ProcessUsage): ProcessUsage => {
  try {
    return usage()
  } catch {
    return GONE
  }
}

const withPrograms = (pid: number): ProcessUsage => {
  const own = onLinux(pid)
  const programs = startedBy(pid).map((program) => safely(() => onLinux(program)))
  return { ...own, residentBytes: programs.reduce((sum, { residentBytes }) => sum + residentBytes, own.residentBytes) }
}

/** All 0 once the process is gone. Linux tells it in files; elsewhere pidusage asks the system's own tools, of the process alone. */
export const processUsage = async (pid: number): Promise<ProcessUsage> => {
  try {
    if (process.platform === 'linux') return withPrograms(pid)
    const { memory, ctime } = await pidusage(pid)
    return { residentBytes: memory, cpuMs: ctime }
  } catch {
    return GONE
  }
}
