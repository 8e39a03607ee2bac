import { execFileSync } from 'node:child_process'

type Process = { pid: number; parent: number; command: string }

function listProcesses(): Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).trim().split('\n')
  return lines.flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    // A zombie is dead already; only its parent has not looked yet.
    return pid && !state?.startsWith('Z') ? [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }] : []
  })
}

/** All living descendants of a process, children before their own. */
export function descendants(pid: number): Process[] {
  const all = listProcesses()
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((child) => [child, ...below(child.pid)])
  return below(pid)
}

/** The one child of `npm start` that runs this file. @throws Error when there is none */
export function childOf(pid: number, file: string): number {
  const found = descendants(pid).find((one) => one.parent === pid && one.command.includes(file))
  if (!found) throw new Error(`no ${file} below ${pid}: ${JSON.stringify(descendants(pid))}`)
  return found.pid
}

/** Those of the processes that are still alive. */
export function alive(pids: number[]): number[] {
  const living = new Set(listProcesses().map((one) => one.pid))
  return pids.filter((pid) => living.has(pid))
}

/** kill -9 of a process and all below it, at the same instant as far as that can be had. */
export function killTree(pid: number, except: (command: string) => boolean = () => false): number[] {
  const pids = [pid, ...descendants(pid).flatMap((one) => (except(one.command) ? [] : [one.pid]))]
  for (const one of pids) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // Gone with its parent.
    }
  }
  return pids
}
