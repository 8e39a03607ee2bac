import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const NAME = /^adp-scratch-(\d+)-/

/** Makes a throwaway folder of this process below the system's temporary folder. Its maker removes it. */
export function makeScratchFolder(): string {
  return mkdtempSync(path.join(tmpdir(), `adp-scratch-${process.pid}-`))
}

/** Removes the throwaway folders of processes that died before they could: a document's copy may have 500 MB. */
export function removeDeadScratchFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1])
    if (pid && !isAlive(pid)) rmSync(path.join(tmpdir(), name), { recursive: true, force: true })
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
