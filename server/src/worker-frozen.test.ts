import type { DocumentDetails } from '@adp/contract/document.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { manyScannedPages } from '../test/fixtures.ts'
import { childOf, descendants } from '../test/processes.ts'
import { type Product, runWorker, startProduct } from '../test/product.ts'
import { upload, waitForJob } from '../test/run-start.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct({ WORKER_CONCURRENCY: '1', WORKER_TIMEOUT_SECONDS: '5' })
})
afterAll(() => product?.stop())

test('a worker that is frozen past its time loses its job, and changes nothing when it wakes up', async () => {
  const [document] = await upload(product.url, { 'slow.pdf': await manyScannedPages(8) })
  const id = document?.id as string
  await waitForJob(product.url, id, (job) => job.pages_done >= 1)
  const frozen = childOf(product.process.pid as number, 'worker.ts')
  // Its child is frozen with it, or it would go on extracting.
  const all = [frozen, ...descendants(frozen).map((one) => one.pid)]
  const second = await runWorker(product)
  try {
    for (const pid of all) process.kill(pid, 'SIGSTOP')
    await waitForJob(product.url, id, (now) => now.attempts === 2)
    for (const pid of all) process.kill(pid, 'SIGCONT')
    expect(await waitForJob(product.url, id)).toMatchObject({
      status: 'COMPLETED',
      attempts: 2,
      pages_done: 8,
      error: null,
    })
    const details = await (await fetch(`${product.url}/documents/${id}`)).json()
    expect((details as DocumentDetails).attempts.map((one) => [one.attempt, one.outcome])).toEqual([
      [2, 'COMPLETED'],
      [1, 'WORKER_LOST'],
    ])
    await vi.waitFor(() => expect(product.log()).toMatch(/this worker has lost its jobs/), { timeout: 60_000 })
  } finally {
    await second.stop()
  }
})
