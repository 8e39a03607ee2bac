import { readFile } from 'node:fs/promises'
import pidusage from 'pidusage'

/** Resident memory of a process in bytes, 0 once it is gone. Linux tells it in a file; elsewhere pidusage asks the system's own tools. */
export const residentMemory = async (pid: number): Promise<number> => {
  try {
    if (process.platform !== 'linux') return (await pidusage(pid)).memory
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))
    return Number(kilobytes?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
