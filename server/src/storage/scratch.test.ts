import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeScratchFolder, removeDeadScratchFolders } from './scratch.ts'

test('folders of dead processes are removed, those of living ones and of others are not', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const dead = path.join(tmpdir(), `adp-scratch-${pid}-x`)
  const foreign = path.join(tmpdir(), `adp-${pid}-x`)
  const own = makeScratchFolder()
  for (const folder of [dead, foreign]) mkdirSync(folder)
  try {
    removeDeadScratchFolders()
    expect([dead, foreign, own].map((folder) => existsSync(folder))).toEqual([false, true, true])
  } finally {
    for (const folder of [dead, foreign, own]) rmSync(folder, { recursive: true, force: true })
  }
})
