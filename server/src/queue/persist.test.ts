import { pino } from 'pino'
import { expect, test } from 'vitest'
import { JobAborted } from './job-aborted.ts'
import { persist } from './persist.ts'

const log = pino({ level: 'silent' })
const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

/** Fails with the error so many times, then succeeds. */
function failing(times: number, error: Error) {
  let calls = 0
  return async () => {
    calls += 1
    if (calls <= times) throw error
    return calls
  }
}

test('asks again until the database answers', async () => {
  expect(await persist(failing(2, away), new AbortController().signal, log)).toBe(3)
})

test('does not ask again when the database has said no', async () => {
  const no = Object.assign(new Error('violates check constraint'), { code: '23514' })
  await expect(persist(failing(1, no), new AbortController().signal, log)).rejects.toBe(no)
})

test('gives up at once when the job is lost', async () => {
  await expect(persist(failing(1, away), AbortSignal.abort(new JobAborted('lost')), log)).rejects.toBe(away)
})

test('gives up in time when the worker stops', async () => {
  const stopping = AbortSignal.abort(new JobAborted('shutdown'))
  expect(await persist(failing(1, away), stopping, log)).toBe(2)
  await expect(persist(failing(Number.POSITIVE_INFINITY, away), stopping, log)).rejects.toBe(away)
})
