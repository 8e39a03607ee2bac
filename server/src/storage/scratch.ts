import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const NAME = /^adp-scratch-(\d+)-/

/** Makes a throwaway folder of this process below the system's temporary folder. Its maker removes it. */
export function makeScratchFolder(): string {
  return mkdtempSync(path.join(tmpdir(), `adp-scratch-${process.pid}-`))
}

/** Makes one for as long as `work` runs. */
export async function withScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeScratchFolder()
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * To be called before the first is made: removes the throwaway folders of processes that died before they could: a document's copy may have 500 MB. Folders of other users are
 * theirs, and one that cannot be removed is left.
 */
export function removeDeadScratchFolders(owner = process.getuid?.()): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1])
    // This process has made none yet, so its own pid is a dead one's, as happens in a container that was restarted.
    if (!pid || (pid !== process.pid && isAlive(pid))) continue
    try {
      const folder = path.join(tmpdir(), name)
      if (lstatSync(folder).uid === owner || owner === undefined) rmSync(folder, { recursive: true, force: true })
    } catch {
      // Gone meanwhile, or not ours to remove; either way not worth a worker.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
