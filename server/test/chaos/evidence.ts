import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'

/** What a round leaves behind: the tables, every change of them, what the workers wrote down, and how their processes ended. */

export type JobRow = {
  id: number
  document_id: string
  status: string
  claim: number
  locked_by: number | null
  attempts: number
  max_attempts: number
  operation: string | null
  error_code: string | null
  pages_total: number | null
}
export type PageRow = { job_id: number; page_number: number; content: string }
export type AttemptRow = { job_id: number; claim: number; attempt: number; worker: string | null; outcome: string }
export type WorkerRow = { id: number; name: string }

/** One change of one row, as a trigger saw it; `row` is the row after it, or before its deletion. */
export type Change<Row> = {
  seq: number
  /** When, in milliseconds. */
  at: number
  txid: string
  /** The name of the connection. */
  writer: string
  operation: 'INSERT' | 'UPDATE' | 'DELETE'
  row: Row
}

/** What a worker wrote down, at once and before it went on. */
export type LogLine = {
  at: number
  worker: string
  event: 'claimed' | 'opened' | 'page' | 'ending' | 'acknowledged'
  job: number
  claim: number
  /** Of a page; how many, where the document is opened. */
  page?: number
  /** Whether the database said that the claim holds. */
  held?: boolean
  ending?: string
}

/** How a worker process ended. */
export type Exit = {
  name: string
  at: number
  code: number | null
  signal: string | null
  /** The signal that it was sent last, if any. */
  asked: 'SIGKILL' | 'SIGTERM' | null
  stderr: string
}

export type Evidence = {
  jobs: JobRow[]
  pages: PageRow[]
  attempts: AttemptRow[]
  jobChanges: Change<JobRow>[]
  pageChanges: Change<PageRow>[]
  attemptChanges: Change<AttemptRow>[]
  workerChanges: Change<WorkerRow>[]
  log: LogLine[]
  exits: Exit[]
  /** A document for each job that was acknowledged. */
  submitted: string[]
  /** A document for each cancellation that was acknowledged. */
  canceled: string[]
  /** Documents that were asked to be processed again: the answer may have been lost, so they may have more jobs than were acknowledged. */
  askedAgain: string[]
}

type Tables = Omit<Evidence, 'log' | 'exits' | 'submitted' | 'canceled' | 'askedAgain'>

/** Reads the tables and the audit of them. */
export async function readTables(url: string): Promise<Tables> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const all = async <Row>(sql: string) => (await client.query(sql)).rows as Row[]
    const changes = <Row>(table: string) =>
      all<Change<Row>>(
        `SELECT seq::float8, extract(epoch FROM at)::float8 * 1000 AS at, txid::text, writer, operation, row
         FROM audit WHERE table_name = '${table}' ORDER BY seq`,
      )
    return {
      jobs: await all(
        `SELECT id::float8, document_id, status, claim, locked_by::float8, attempts, max_attempts, operation, error_code, pages_total
         FROM document_processing_jobs ORDER BY id`,
      ),
      pages: await all('SELECT job_id::float8, page_number, content FROM document_pages ORDER BY job_id, page_number'),
      attempts: await all(
        'SELECT job_id::float8, claim, attempt, worker, outcome FROM document_processing_attempts ORDER BY job_id, claim',
      ),
      jobChanges: await changes('document_processing_jobs'),
      pageChanges: await changes('document_pages'),
      attemptChanges: await changes('document_processing_attempts'),
      workerChanges: await changes('workers'),
    }
  } finally {
    await client.end()
  }
}

/** Reads the logs of all workers in a folder, in the order of time. */
export async function readLogs(folder: string): Promise<LogLine[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')))
  const lines = texts.flatMap((text) => text.split('\n').filter(Boolean))
  return lines.map((line) => JSON.parse(line) as LogLine).sort((a, b) => a.at - b.at)
}
