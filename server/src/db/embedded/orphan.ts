import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Cluster, pgCtlStop } from './embedded-postgres.ts'

/**
 * After kill -9 of everything but the database, that goes on running; after a crash of the machine its pid file names a process that
 * is gone, or by now another one. Stops an orphaned server and clears a stale pid file, so that a new server can start. Whoever calls
 * this holds the folder's lock, so a server that runs there has nobody else.
 */
export async function stopOrphan(cluster: Cluster): Promise<void> {
  const pidFile = path.join(cluster.data, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch(() => null)
  if (text === null) return
  if (await isServerOf(cluster, Number(text.split('\n')[0]))) return pgCtlStop(cluster)
  // PostgreSQL itself refuses to start while any process of the same user has that pid, as happens in containers.
  await rm(pidFile, { force: true })
}

/** Whether the process with this pid is alive and a PostgreSQL server on this very folder. */
async function isServerOf(cluster: Cluster, pid: number): Promise<boolean> {
  if (!pid) return false
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => commandLineByPs(pid))
  return commandLine.includes('postgres') && commandLine.includes(cluster.data)
}

async function commandLineByPs(pid: number): Promise<string> {
  // Windows has neither /proc nor ps; there a server dies with the job object of the process that started it.
  const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout
}
