import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { analyzeResultJson } from '../src/extraction/azure/answer.ts'
import { type AnalyzedPage, readPages } from '../src/extraction/azure/read-pages.ts'
import { splitResult } from '../src/extraction/azure/split-result.ts'
import * as queue from '../src/queue/job-queue.ts'
import * as liveness from '../src/queue/liveness.ts'
import type { Api } from './api.ts'

export type Stored = { jobId: number; pages: AnalyzedPage[] }

/**
 * Does a worker's part for a document whose provider has answered: claims its job, stores the pages of the answer, and completes it.
 * @param blobKey where the result is kept as it came; null to keep its pages only
 */
export async function storeAnswer(api: Api, answer: string, blobKey: string | null): Promise<Stored> {
  const folder = await mkdtemp(path.join(tmpdir(), 'adp-store-'))
  try {
    const file = path.join(folder, 'answer.json')
    await writeFile(file, answer)
    const id = await liveness.registerWorker(api.pool, { name: 'test worker', version: '1', slots: 1 })
    const [job] = await queue.claim(api.pool, { id }, 1)
    if (!job) throw new Error('no job is due')
    const result = await splitResult(file, folder)
    await queue.recordPagesTotal(api.pool, job, result.pages.length, 'azure')
    const pages: AnalyzedPage[] = []
    for await (const page of readPages(result)) {
      await queue.storePage(api.pool, job, page)
      pages.push(page)
    }
    await result.close()
    if (blobKey) await api.blobs.put(blobKey, analyzeResultJson(file))
    await api.pool.query('UPDATE document_processing_jobs SET result_blob_key = $2, result_header = $3 WHERE id = $1', [
      job.id,
      blobKey,
      JSON.stringify(result.header),
    ])
    if (!(await queue.complete(api.pool, job))) throw new Error('the claim is stale')
    return { jobId: job.id, pages }
  } finally {
    await rm(folder, { recursive: true })
  }
}
