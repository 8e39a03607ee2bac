import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { processUsage } from './process-usage.ts'

/** A process that holds so many megabytes, and one that it has started as many. */
const PROGRAM = `
  const held = Buffer.alloc(100 * 2 ** 20, 1)
  if (process.argv[1] === 'parent') require('node:child_process').spawn(process.execPath, ['-e', process.env.PROGRAM, 'child'], { stdio: 'inherit' })
  else console.log('up')
  setInterval(() => held.length, 1000)`

// Elsewhere it is what pidusage says, of the process alone.
test.runIf(process.platform === 'linux')('what a process has started counts as its own memory', async () => {
  const parent = spawn(process.execPath, ['-e', PROGRAM, 'parent'], {
    ...{ env: { ...process.env, PROGRAM }, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  })
  try {
    await once(parent.stdout as NonNullable<typeof parent.stdout>, 'data')
    const { residentBytes, cpuMs } = await processUsage(parent.pid ?? 0)
    expect(residentBytes).toBeGreaterThan(200 * 2 ** 20)
    expect(residentBytes).toBeLessThan(600 * 2 ** 20)
    expect(cpuMs).toBeGreaterThan(0)
  } finally {
    process.kill(-(parent.pid ?? 0), 'SIGKILL')
  }
})

test('one that is gone has nothing', async () => {
  const gone = spawn(process.execPath, ['-e', ''])
  await once(gone, 'exit')
  expect(await processUsage(gone.pid ?? 0)).toEqual({ residentBytes: 0, cpuMs: 0 })
})
