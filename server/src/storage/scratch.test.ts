import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { removeDeadScratchFolders } from './scratch.ts'

test('folders of another user are left alone', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const theirs = path.join(tmpdir(), `adp-scratch-${pid}-theirs`)
  mkdirSync(theirs, { mode: 0o700 })
  try {
    removeDeadScratchFolders(lstatSync(theirs).uid + 1)
    expect(existsSync(theirs)).toBe(true)
  } finally {
    rmSync(theirs, { recursive: true })
  }
})

test('folders of dead processes are removed, those of living ones and of others are not', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const dead = path.join(tmpdir(), `adp-scratch-${pid}-x`)
  const foreign = path.join(tmpdir(), `adp-${pid}-x`)
  const living = path.join(tmpdir(), `adp-scratch-${process.ppid}-x`)
  for (const folder of [dead, foreign, living]) mkdirSync(folder)
  try {
    removeDeadScratchFolders()
    expect([dead, foreign, living].map((folder) => existsSync(folder))).toEqual([false, true, true])
  } finally {
    for (const folder of [dead, foreign, living]) rmSync(folder, { recursive: true, force: true })
  }
})
