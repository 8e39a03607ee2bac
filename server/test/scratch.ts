import { rm } from 'node:fs/promises'
import { afterAll } from 'vitest'
import { makeScratchFolder } from '../src/storage/scratch.ts'

/** A folder for a test file, which goes with it. */
export function useScratch(): { folder: string } {
  const folder = makeScratchFolder()
  afterAll(() => rm(folder, { recursive: true }))
  return { folder }
}
