import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Document, UploadResponse } from '@adp/contract/document.ts'
import { isFinished, type Job } from '@adp/contract/job.ts'

const START = path.resolve(import.meta.dirname, '../src/start.ts')

export type Running = {
  url: string
  /** Of `npm start` itself; the API and the worker are its children. */
  process: ChildProcess
  /** Everything on standard error so far: the log, as JSON lines. */
  log(): string
  /** Everything on standard output so far. */
  printed(): string
  stop(): Promise<number | null>
}

/**
 * Runs the product as `npm start` does, and resolves when it says that it is ready. LOG_LEVEL is info, on standard error.
 * @throws Error with the log when it ends before
 */
export async function runStart(env: NodeJS.ProcessEnv, flags: string[] = []): Promise<Running> {
  const child = spawn(process.execPath, [START, ...flags], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // The leader of a process group of its own, as what a shell starts.
    detached: true,
  })
  let log = ''
  let printed = ''
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      printed += `${line}\n`
      const url = /async-doc-processing is ready at (http:\/\/\S+)/.exec(line)?.[1]
      if (url) resolve(url)
    })
    void exited.then((code) => reject(new Error(`start ended with ${code}:\n${log}`)))
  })
  return {
    url: await ready,
    process: child,
    log: () => log,
    printed: () => printed,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/**
 * Uploads files in one request, by name and content.
 * @param options how they are to be read, as parameters of the request
 * @throws Error with the problem when it is refused
 */
export async function upload(
  url: string,
  files: Record<string, Buffer>,
  options: Record<string, string> = {},
): Promise<Document[]> {
  const form = new FormData()
  for (const [name, bytes] of Object.entries(files)) form.append('files', new Blob([new Uint8Array(bytes)]), name)
  const response = await fetch(`${url}/documents?${new URLSearchParams(options)}`, { method: 'POST', body: form })
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`)
  return ((await response.json()) as UploadResponse).documents
}

/** Asks for the status, by Retry-After's spirit but quicker, until `enough` says so. */
export async function waitForJob(
  url: string,
  documentId: string,
  enough = (job: Job) => isFinished(job.status),
): Promise<Job> {
  for (;;) {
    const job = (await (await fetch(`${url}/documents/${documentId}/status`)).json()) as Job
    if (enough(job)) return job
    if (isFinished(job.status)) throw new Error(`the job ended before it came to that: ${JSON.stringify(job)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
