import { ERRORS, type ErrorCode } from '@adp/contract/errors.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { waitForExport } from './api.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const problem = (status: number, code: ErrorCode) => {
  const { message: title, action } = ERRORS[code]
  const body = { type: 'about:blank', title, status, detail: 'why', code, action, instance: 'urn:uuid:1' }
  return new Response(JSON.stringify(body), { status })
}

/** A server that gives these answers, one after another. */
function answerWith(...answers: Response[]) {
  const fetching = vi.fn(async (_path: string, _options: RequestInit) => answers.shift() ?? Response.error())
  vi.stubGlobal('fetch', fetching)
  return fetching
}

const wait = (signal = new AbortController().signal) => waitForExport('1', 'pdf', signal)

test('while a file is being made it is asked for again, and not read once it is there', async () => {
  const cancel = vi.fn()
  const file = new Response(new ReadableStream({ cancel }))
  const fetching = answerWith(problem(503, 'export_in_progress'), problem(503, 'export_in_progress'), file)
  const waiting = wait()
  await vi.advanceTimersByTimeAsync(3999)
  expect(fetching).toHaveBeenCalledTimes(2)
  await vi.advanceTimersByTimeAsync(1)
  await waiting
  expect(fetching).toHaveBeenCalledTimes(3)
  expect(cancel).toHaveBeenCalledOnce()
})

test('anything else ends the waiting at once, also other answers of 503', async () => {
  for (const [answer, code] of [
    [problem(503, 'unavailable'), 'unavailable'],
    [problem(422, 'export_unavailable'), 'export_unavailable'],
    [new Response('<h1>Service unavailable</h1>', { status: 503 }), 'unreachable'],
  ] as const) {
    const fetching = answerWith(answer)
    await expect(wait()).rejects.toMatchObject({ name: 'ApiError', code })
    expect(fetching).toHaveBeenCalledTimes(1)
  }
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  await expect(wait()).rejects.toMatchObject({ code: 'unreachable' })
})

test('who goes elsewhere waits no longer', async () => {
  const fetching = answerWith(problem(503, 'export_in_progress'))
  const leaving = new AbortController()
  const waiting = wait(leaving.signal)
  const ended = expect(waiting).rejects.toBe('gone')
  await vi.advanceTimersByTimeAsync(100)
  leaving.abort('gone')
  await ended
  expect([vi.getTimerCount(), fetching.mock.calls.length]).toEqual([0, 1])
})
