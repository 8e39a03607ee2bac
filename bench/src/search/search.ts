import { parseArgs } from 'node:util'
import pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { createPool, type Pool } from '../../../server/src/db/client.ts'
import { migrate } from '../../../server/src/db/migrate.ts'
import { searchDocuments } from '../../../server/src/documents/search-documents.ts'
import { enqueue } from '../../../server/src/queue/enqueue.ts'
import * as queue from '../../../server/src/queue/job-queue.ts'
import * as liveness from '../../../server/src/queue/liveness.ts'
import { inTurns, withRange } from '../queue/compare.ts'
import { type Store, startPostgresql } from '../queue/stores.ts'
import { percentile, table } from '../report.ts'
import { createPages, WORDS_A_PAGE } from './invented-pages.ts'

/**
 * How long a search takes in many pages of invented text, from words that are on every second page to words that are on a few; and what the
 * index costs a page that is stored, by the worker's own statement, in turns with a database that has none.
 *
 *   npm run bench:search -- [--pages 100000] [--queries 200] [--stored 1000] [--rounds 5]
 */
const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '100000' },
    queries: { type: 'string', default: '200' },
    stored: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
  },
})
const [pages, queries, stored, rounds] = [values.pages, values.queries, values.stored, values.rounds].map(Number) as [
  number,
  number,
  number,
  number,
]
const PAGES_A_DOCUMENT = 20
const invented = createPages(1)

/** Queries by the rank of their words, 1 being the most frequent of all. */
const KINDS: Record<string, (n: number) => string> = {
  'a very frequent word': (n) => invented.word(1 + (n % 10)),
  'a frequent word': (n) => invented.word(50 + n),
  'a rare word': (n) => invented.word(5_000 + n * 7),
  'two words': (n) => `${invented.word(100 + n)} ${invented.word(300 + n)}`,
  'a phrase': (n) => `"${invented.word(1 + (n % 10))} ${invented.word(2 + (n % 7))}"`,
  'one of two, without a third': (n) => `${invented.word(500 + n)} or ${invented.word(900 + n)} -${invented.word(3)}`,
  'a word that is nowhere': (n) => `nowhere${n}`,
}

async function makeDocument(pool: Pool): Promise<string> {
  const id = uuidv7()
  await pool.query(
    `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key) VALUES ($1::uuid, 'a.pdf', 'application/pdf', 1, repeat('0', 64), $1::uuid::text)`,
    [id],
  )
  await enqueue(pool, { documentIds: [id], maxAttempts: 1 })
  return id
}

/** Claims the one job there is, as a worker. */
async function claimJob(pool: Pool, total: number): Promise<queue.ClaimedJob> {
  const id = await liveness.registerWorker(pool, { name: 'bench', version: '1', slots: 1 })
  const [job] = await queue.claim(pool, { id }, 1)
  if (!job) throw new Error('no job is due')
  await queue.recordPagesTotal(pool, job, total, 'local')
  return job
}

/** @returns milliseconds a page */
async function storeDocument(pool: Pool): Promise<number> {
  await makeDocument(pool)
  const job = await claimJob(pool, stored)
  const all = Array.from({ length: stored }, (_, n) => invented.next(n + 1))
  const started = performance.now()
  for (const page of all) await queue.storePage(pool, job, page)
  const took = performance.now() - started
  await queue.complete(pool, job)
  return took / stored
}

async function openPool(store: Store, name: string): Promise<Pool> {
  const url = await store.fresh(name)
  await migrate(url)
  return createPool(url, 'bench', 4, (error) => console.error(error))
}

async function compareStoring(store: Store): Promise<void> {
  const withIndex = await openPool(store, 'with_index')
  const without = await openPool(store, 'without_index')
  await without.query('ALTER TABLE document_pages DROP COLUMN search_words')
  const pools: Record<string, Pool> = { without, 'with search_words and its index': withIndex }
  const results = await inTurns(Object.keys(pools), rounds, (key) => storeDocument(pools[key] as Pool))
  await Promise.all(Object.values(pools).map((pool) => pool.end()))
  console.log(
    `\nA page of ${WORDS_A_PAGE} words, stored by storePage; ms, the median of ${rounds} rounds and their range\n`,
  )
  console.log(table([...results].map(([name, ms]) => ({ pages: name, 'ms a page': withRange(ms, 2) }))))
}

/** So many pages are invented; the others are copies of them in other documents, which takes a fifth of the time. */
const DIFFERENT_PAGES = 10_000

/** Pages of completed jobs; the index is made when they are there, which is several times as fast. */
async function fill(pool: Pool): Promise<void> {
  await pool.query('DROP INDEX document_pages_search_words')
  const different: number[] = []
  for (let done = 0; done < pages; done += PAGES_A_DOCUMENT) {
    await makeDocument(pool)
    const job = await claimJob(pool, PAGES_A_DOCUMENT)
    if (done < DIFFERENT_PAGES) {
      for (let n = 1; n <= PAGES_A_DOCUMENT; n += 1) await queue.storePage(pool, job, invented.next(n))
      different.push(job.id)
    } else {
      await copyPages(pool, different[(done / PAGES_A_DOCUMENT) % different.length] ?? 0, job.id)
    }
    await queue.complete(pool, job)
  }
  await makeIndex(pool.options.connectionString ?? '')
}

/** On a connection without the product's time limits. */
async function makeIndex(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query("SET maintenance_work_mem = '512MB'")
  await client.query('CREATE INDEX document_pages_search_words ON document_pages USING gin (search_words)')
  await client.query('VACUUM ANALYZE')
  await client.end()
}

async function copyPages(pool: Pool, from: number, to: number): Promise<void> {
  await pool.query(
    'INSERT INTO document_pages (job_id, page_number, content, page) SELECT $2, page_number, content, page FROM document_pages WHERE job_id = $1',
    [from, to],
  )
  await pool.query('UPDATE document_processing_jobs SET pages_done = pages_total WHERE id = $1', [to])
}

async function measureQueries(store: Store): Promise<void> {
  const pool = await openPool(store, 'filled')
  const started = performance.now()
  await fill(pool)
  console.log(
    `\n${pages} pages, made in ${((performance.now() - started) / 1000).toFixed(0)} s; ${queries} queries of each kind, 20 hits each\n`,
  )
  const rows: Record<string, string | number>[] = []
  for (const [kind, query] of Object.entries(KINDS)) {
    const times: number[] = []
    let hits = 0
    for (let n = 0; n < queries; n += 1) {
      const before = performance.now()
      hits += (await searchDocuments(pool, { q: query(n), limit: 20 })).hits.length
      times.push(performance.now() - before)
    }
    const [p50, p95] = [50, 95].map((p) => percentile(times, p).toFixed(1))
    rows.push({ query: kind, 'p50 ms': p50 ?? '', 'p95 ms': p95 ?? '', 'hits shown': (hits / queries).toFixed(1) })
  }
  console.log(table(rows))
  await pool.end()
}

const store = await startPostgresql()
try {
  await compareStoring(store)
  await measureQueries(store)
} finally {
  await store.stop()
}
