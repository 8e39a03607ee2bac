import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { UploadResponse } from '@adp/contract/document.ts'
import { isFinished, type Job } from '@adp/contract/job.ts'
import { runStart } from '../../../server/test/run-start.ts'

export type Read = { job: Job; result: AnalyzeResult | null }

/**
 * Has the whole product read files, with its embedded database, API, worker and child processes: everything a document goes through but its
 * upload is in the time. A first round of `warmUp` starts the children and compiles the code, as it is in a worker that runs for days.
 * @param children documents that are read at the same time
 * @param query how they are to be read, as parameters of an upload
 * @returns what was read of each file, in order, and the seconds from the first claim to the last end
 */
export async function readByProduct(
  files: string[],
  { children, warmUp, query = '' }: { children: number; warmUp: string[]; query?: string },
): Promise<{ seconds: number; reads: Read[] }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'adp-bench-local-'))
  const product = await runStart({
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    LOG_LEVEL: 'warn',
    WORKER_CONCURRENCY: String(children),
    JOB_MAX_ATTEMPTS: '1',
  })
  const { url } = product
  try {
    for (const id of await Promise.all(warmUp.map((file) => send(url, file, query)))) await untilFinished(url, id)
    await post(`${url}/queue/pause`)
    const ids: string[] = []
    for (const file of files) ids.push(await send(url, file, query))
    await post(`${url}/queue/resume`)
    const jobs: Job[] = []
    for (const id of ids) jobs.push(await untilFinished(url, id))
    const reads: Read[] = []
    // Not before all are read: putting results together takes time of its own.
    for (const [n, job] of jobs.entries()) {
      const answer = job.status === 'COMPLETED' ? await fetch(`${url}/documents/${ids[n]}/result`) : null
      reads.push({ job, result: answer ? ((await answer.json()) as AnalyzeResult) : null })
    }
    const began = Math.min(...reads.map(({ job }) => Date.parse(job.started_at ?? '')))
    const ended = Math.max(...reads.map(({ job }) => Date.parse(job.finished_at ?? '')))
    return { seconds: (ended - began) / 1000, reads }
  } finally {
    await product.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function send(url: string, file: string, query: string): Promise<string> {
  const form = new FormData()
  form.append('files', await openAsBlob(file), path.basename(file))
  const response = await fetch(`${url}/documents?${query}`, { method: 'POST', body: form })
  if (response.status !== 202) throw new Error(`${file}: ${response.status} ${await response.text()}`)
  const { documents } = (await response.json()) as UploadResponse
  return documents[0]?.id as string
}

async function post(address: string): Promise<void> {
  const response = await fetch(address, { method: 'POST' })
  if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`)
}

/** Waits on the server, not by asking often, which would take time from what is measured. */
async function untilFinished(url: string, id: string): Promise<Job> {
  for (;;) {
    const job = (await (await fetch(`${url}/documents/${id}/status?wait=30`)).json()) as Job
    if (isFinished(job.status)) return job
    await delay(50)
  }
}
