import { describe, expect, test, vi } from 'vitest'
import { finish, useAzureDocuments } from '../../test/azure-documents.ts'
import { textPdf } from '../../test/fixtures.ts'
import { readJob } from '../../test/jobs.ts'
import type { LocalExtractor } from '../extraction/local/local-extractor.ts'
import type { ClaimedJob } from '../queue/job-queue.ts'
import { cancelJob, reprocessDocument } from './change-documents.ts'

/** What goes wrong on our side, or is changed, while a document that is paid for is at the provider. */
const azure = useAzureDocuments()
const job = async ({ id }: Pick<ClaimedJob, 'id'>) => readJob(azure.pool, id)

async function submitted(pages = ['x']) {
  const id = await azure.upload(await textPdf(pages))
  const first = await azure.claim()
  expect((await azure.work(first)).kind).toBe('wait')
  return { id, first }
}

const expectPaidOnce = async (first: ClaimedJob) => {
  expect(await job(first)).toMatchObject({ status: 'COMPLETED', attempts: 1 })
  expect(azure.billed()).toHaveLength(1)
}

describe('a change of the settings', () => {
  const none = { begin: vi.fn(), measure: vi.fn() } as unknown as LocalExtractor

  test('to another provider leaves what is under way to its own', async () => {
    await azure.start()
    const { first } = await submitted()
    expect(await finish(azure, { defaultProvider: 'local', local: none })).toEqual(['completed'])
    await expectPaidOnce(first)
  })

  test('on one worker only: it leaves it to the others', async () => {
    await azure.start()
    const { first } = await submitted()
    expect((await azure.work(await azure.claim(), { azure: null })).kind).toBe('wait')
    expect(await job(first)).toMatchObject({ status: 'PROCESSING', attempts: 1 })
    expect(await finish(azure)).toEqual(['completed'])
    await expectPaidOnce(first)
  })
})

test('a storage that is away when the result comes uses up no attempt', async () => {
  await azure.start()
  const { first } = await submitted()
  const away = { ...azure.blobs, put: () => Promise.reject(new Error('ENOSPC')) }
  for (let n = 0; n < 4; n += 1) expect((await azure.work(await azure.claim(), { blobs: away })).kind).toBe('wait')
  expect((await job(first)).due_at.getTime()).toBeGreaterThan(Date.now() + 50_000)
  expect(await finish(azure)).toEqual(['completed'])
  await expectPaidOnce(first)
})

test('canceled while its result is stored, it leaves no bytes that nobody knows of', async () => {
  await azure.start()
  const { id } = await submitted()
  let stored = ''
  const canceling = {
    ...azure.blobs,
    async put(key: string, bytes: Parameters<typeof azure.blobs.put>[1]) {
      const written = await azure.blobs.put(key, bytes)
      stored = key
      await cancelJob(azure.pool, id)
      return written
    },
  }
  await azure.work(await azure.claim(), { blobs: canceling })
  const { rows } = await azure.pool.query('SELECT blob_key FROM unowned_blobs')
  expect(rows).toContainEqual({ blob_key: stored })
})

describe('processed again', () => {
  test('after it was canceled, it takes the result that is paid for already', async () => {
    await azure.start()
    const { id } = await submitted()
    await cancelJob(azure.pool, id)
    await reprocessDocument(azure.pool, id, 3)
    expect(await finish(azure)).toEqual(['wait', 'completed'])
    expect(azure.billed()).toHaveLength(1)
  })

  test('after a result that was no good, or one that was fine, it is read anew', async () => {
    let fewer = true
    await azure.start({ faults: ({ kind }) => (kind === 'get' && fewer ? { kind: 'fewer pages' } : null) })
    const { id } = await submitted(['one', 'two'])
    expect(await finish(azure)).toEqual(['failed'])
    fewer = false
    for (const times of [2, 3]) {
      await reprocessDocument(azure.pool, id, 3)
      expect(await finish(azure)).toEqual(['wait', 'completed'])
      expect(azure.billed()).toHaveLength(times)
    }
  })
})

test('the clock of a host that is wrong moves no poll', async () => {
  await azure.start()
  await azure.upload(await textPdf(['x']))
  const first = await azure.claim()
  await azure.work(first, { now: () => Date.now() - 60_000 })
  const { due_at, updated_at } = await job(first)
  expect(due_at.getTime() - updated_at.getTime()).toBe(2_000)
})

test('an analysis that never ends is given up when its result would be gone', async () => {
  await azure.start({ analysisMs: Number.MAX_SAFE_INTEGER })
  const { first } = await submitted()
  expect((await azure.work(await azure.claim(), { now: () => Date.now() + 25 * 60 * 60_000 })).kind).toBe('failed')
  expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'operation_expired' })
})

describe('pages that could not be measured here', () => {
  const measuring = (frames: object[]) => ({ measure: async () => frames }) as unknown as LocalExtractor

  test('are no reason to refuse what the provider makes of them', async () => {
    await azure.start()
    await azure.upload(await textPdf(['x']))
    const unknown = measuring([{ pageNumber: 1, width: 0, height: 0, unit: 'inch', hasText: false }])
    expect(await finish(azure, { local: unknown })).toEqual(['wait', 'completed'])
  })

  test('none at all: nothing is sent', async () => {
    await azure.start()
    await azure.upload(await textPdf(['x']))
    const first = await azure.claim()
    await azure.work(first, { local: measuring([]) })
    expect(await job(first)).toMatchObject({ error_code: 'no_readable_page' })
    expect(azure.asked()).toBe(0)
  })
})

test('that a model does not exist is found out once, not with each document', async () => {
  await azure.start()
  for (const words of ['a', 'b']) await azure.upload(await textPdf([words]), { model: 'my-model' })
  const settings = { fallBackToLayout: true, posts: 1 }
  const extractor = azure.extractor(settings)
  const [one, two] = [await azure.claim(), await azure.claim()]
  // The first one's request was the token of this second.
  expect((await azure.work(one, { ...settings, azure: extractor })).kind).toBe('postponed')
  await azure.pool.query(`UPDATE provider_budgets SET next_at = now()`)
  expect((await azure.work(two, { ...settings, azure: extractor })).kind).toBe('wait')
  expect(azure.billed().map(({ modelId }) => modelId)).toEqual(['prebuilt-layout'])
})

test('fields that are asked for bring the feature that looks for them', async () => {
  await azure.start()
  await azure.upload(await textPdf(['x']), { model: 'prebuilt-layout', query_fields: ['Total'] })
  expect(await finish(azure)).toEqual(['wait', 'completed'])
})
