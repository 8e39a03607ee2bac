import { describe, expect, test } from 'vitest'
import { useAzureDocuments } from '../../test/azure-documents.ts'
import { textImage, textPdf } from '../../test/fixtures.ts'
import { readJob } from '../../test/jobs.ts'
import { type ClaimedJob, storedPages } from '../queue/job-queue.ts'
import { readDocument } from './read-documents.ts'

/** Documents that the service, or a quota, does not let in. */
const azure = useAzureDocuments()

const job = async ({ id }: Pick<ClaimedJob, 'id'>) => readJob(azure.pool, id)

describe('permanent refusals end the job at once', () => {
  test('a wrong key', async () => {
    await azure.start()
    await azure.upload(await textPdf(['x']))
    const first = await azure.claim()
    await azure.work(first, { key: 'wrong' })
    expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'credentials_refused', attempts: 1 })
  })

  test('a model that does not exist, unless prebuilt-layout may take its place', async () => {
    await azure.start()
    await azure.upload(await textPdf(['x']), { model: 'my-model' })
    const first = await azure.claim()
    await azure.work(first)
    expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'model_not_found' })
    await azure.upload(await textPdf(['x']), { model: 'my-model' })
    await azure.work(await azure.claim(), { fallBackToLayout: true })
    expect(azure.billed().map(({ modelId }) => modelId)).toEqual(['prebuilt-layout'])
  })

  test('an option that the service does not take, in its own words', async () => {
    await azure.start()
    await azure.upload(await textPdf(['x']), { locale: 'zzzz' })
    const first = await azure.claim()
    await azure.work(first)
    expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'provider_rejected' })
    expect((await job(first)).error_log).toContain('The language code is invalid or not supported')
  })
})

test('a type that the service does not read is not sent, and the reason says so', async () => {
  await azure.start()
  await azure.upload(await textImage('x', 'webp'), { provider: 'azure' })
  const first = await azure.claim()
  await azure.work(first)
  expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'unsupported_by_provider', attempts: 1 })
  expect((await job(first)).error_log).toContain('image/webp')
  expect(azure.asked()).toBe(0)
  expect((await azure.pool.query('SELECT FROM provider_submissions')).rowCount).toBe(0)
})

test.each(['png', 'jpeg', 'tiff'] as const)('a %s is', async (format) => {
  await azure.start()
  await azure.upload(await textImage('x', format))
  expect(await azure.work(await azure.claim())).toMatchObject({ kind: 'wait' })
  expect(await azure.work(await azure.claim())).toMatchObject({ kind: 'completed' })
})

describe('a quota', () => {
  const quota = { daily: 3 }
  test('makes what is over it wait for the next day, with a reason', async () => {
    await azure.start()
    for (const pages of [
      ['a', 'b'],
      ['c', 'd'],
    ])
      await azure.upload(await textPdf(pages))
    const [one, two] = [await azure.claim(), await azure.claim()]
    expect((await azure.work(one, { quota })).kind).toBe('wait')
    expect((await azure.work(two, { quota })).kind).toBe('postponed')
    expect(await job(two)).toMatchObject({ status: 'PENDING', attempts: 0, error_code: 'quota_exceeded' })
    // Looked at again before that day begins: somebody may raise it.
    expect((await job(two)).due_at.getTime()).toBeLessThan(Date.now() + 16 * 60_000)
    expect(azure.billed()).toHaveLength(1)
    expect((await azure.work(await azure.claim())).kind).toBe('completed')
    expect((await azure.work(await azure.claim(), { quota: { daily: 10 } })).kind).toBe('wait')
    const { job: shown } = await readDocument(azure.pool, two.document_id)
    expect(shown).toMatchObject({ phase: 'waiting_for_provider', phase_text: 'Waiting for the provider', error: null })
  })

  test('that a document alone is more than fails it: it would wait for ever', async () => {
    await azure.start()
    await azure.upload(await textPdf(['a', 'b', 'c', 'd']))
    const first = await azure.claim()
    expect((await azure.work(first, { quota })).kind).toBe('failed')
    expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'over_quota' })
  })

  test('or fail, as configured', async () => {
    await azure.start()
    await azure.upload(await textPdf(['a', 'b', 'c', 'd']))
    const first = await azure.claim()
    await azure.work(first, { quota: { ...quota, whenUsedUp: 'fail' } })
    expect(await job(first)).toMatchObject({ status: 'FAILED', error_code: 'over_quota' })
    expect(await storedPages(azure.pool, first.id)).toEqual([])
  })
})
