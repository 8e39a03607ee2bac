import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ExtractRequest } from './protocol.ts'

test('a child dies with its parent', async () => {
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), ['bundled', '.', 'eng'], {
    stdio: 'ignore',
  })
  // It answers, so it is up and listens.
  const request: ExtractRequest = {
    type: 'extract',
    wanted: 'pages',
    drawing: null,
    searchable: null,
    path: '/does/not/exist',
    contentType: 'image/png',
    model: 'prebuilt-read',
    pagesDone: [],
    careful: false,
    pages: null,
    attachments: null,
    limits: { maxPages: 1, pageTimeoutMs: 1000 },
  }
  child.send(request)
  const [answer] = await once(child, 'message')
  expect(answer).toMatchObject({ type: 'failed', code: 'internal_error' })
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
})
