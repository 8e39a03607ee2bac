import type { Page, ResultHeader } from '@adp/contract/analyze-result.ts'
import type { Document } from '@adp/contract/document.ts'
import type { ExtractedPage } from '../src/extraction/extractor.ts'
import * as queue from '../src/queue/job-queue.ts'
import * as liveness from '../src/queue/liveness.ts'
import type { Api } from './api.ts'
import { upload } from './run-start.ts'

/** Uploads a document and does a worker's part: it is COMPLETED with these pages. @returns its id */
export async function addResult(
  api: Api,
  name: string,
  bytes: Buffer,
  pages: readonly ExtractedPage[],
  header: ResultHeader | null = null,
): Promise<string> {
  const [document] = await upload(api.url, { [name]: bytes })
  await completeWith(api, pages, header)
  return (document as Document).id
}

/** Completes the job that is due with these pages. */
export async function completeWith(api: Api, pages: readonly ExtractedPage[], header: ResultHeader | null = null) {
  const id = await liveness.registerWorker(api.pool, { name: 'test worker', version: '1', slots: 1 })
  const [job] = await queue.claim(api.pool, { id }, 1)
  if (!job) throw new Error('no job is due')
  await queue.recordPagesTotal(api.pool, job, pages.length, 'local')
  for (const [index, page] of pages.entries()) await queue.storePage(api.pool, job, { number: index + 1, ...page })
  if (header)
    await api.pool.query('UPDATE document_processing_jobs SET result_header = $2 WHERE id = $1', [
      job.id,
      JSON.stringify(header),
    ])
  if (!(await queue.complete(api.pool, job))) throw new Error('the claim is stale')
}

/** A page without a layout that says this. */
export const flowPage = (
  content: string,
  parts: ExtractedPage['parts'] = null,
  page: Partial<Page> = {},
): ExtractedPage => ({
  content,
  page: { pageNumber: 1, spans: [{ offset: 0, length: content.length }], ...page },
  parts,
})
