import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Document, DocumentDetails, DocumentList } from '@adp/contract/document.ts'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { manyScannedPages, textPdf } from '../test/fixtures.ts'
import { alive, childOf, descendants, killTree } from '../test/processes.ts'
import { type Running, runStart, upload, waitForJob } from '../test/run-start.ts'

/** `npm start` with its embedded database, which no other test here uses. */
let dataDir: string
let started: Running[]

beforeEach(async () => {
  // Mode 700, as below a home folder: as root, PostgreSQL runs as somebody else and must get in all the same.
  dataDir = await mkdtemp(path.join(tmpdir(), 'adp-start-'))
  await chmod(dataDir, 0o700)
  started = []
})
afterEach(async () => {
  await Promise.all(
    started.map((one) => (one.process.exitCode === null && one.process.signalCode === null ? one.stop() : null)),
  )
  await rm(dataDir, { recursive: true, force: true })
})

async function start(env: NodeJS.ProcessEnv = {}, flags: string[] = []) {
  const running = await runStart({ DATA_DIR: path.join(dataDir, 'data'), DATABASE_URL: '', ...env }, flags)
  started.push(running)
  return running
}

const uploadOne = async (url: string, name = 'a.pdf') =>
  (await upload(url, { [name]: await textPdf(['Hello there']) }))[0] as Document
const list = async (url: string) => (await (await fetch(`${url}/documents?limit=200`)).json()) as DocumentList

test('starts from nothing, keeps everything between starts, and leaves no process behind', async () => {
  const first = await start()
  const { id } = await uploadOne(first.url)
  expect(await waitForJob(first.url, id)).toMatchObject({ status: 'COMPLETED' })
  const pids = descendants(first.process.pid as number).map((one) => one.pid)
  expect(pids.length).toBeGreaterThan(3)
  expect(await first.stop()).toBe(0)
  await vi.waitFor(() => expect(alive(pids)).toEqual([]), { timeout: 30_000 })

  const second = await start()
  expect((await list(second.url)).documents.map((document) => document.id)).toEqual([id])
  const result = (await (await fetch(`${second.url}/documents/${id}/result`)).json()) as { content: string }
  expect(result.content).toContain('Hello there')
})

test('Ctrl-C, which reaches every process of a terminal at once, gives back what runs, and uses up no attempt', async () => {
  const running = await start({ JOB_MAX_ATTEMPTS: '1' })
  const [slow] = await upload(running.url, { 'slow.pdf': await manyScannedPages(600) })
  await waitForJob(running.url, slow?.id as string, (job) => job.pages_done >= 1)
  const pids = descendants(running.process.pid as number).map((one) => one.pid)
  // runStart has made a process group of it, as a shell does.
  process.kill(-(running.process.pid as number), 'SIGINT')
  expect(await new Promise((resolve) => running.process.once('exit', resolve))).toBe(0)
  await vi.waitFor(() => expect(alive(pids)).toEqual([]), { timeout: 30_000 })

  const again = await start()
  const details = (await (await fetch(`${again.url}/documents/${slow?.id}`)).json()) as DocumentDetails
  expect(details.job).toMatchObject({ error: null })
  expect(details.attempts.at(-1)).toMatchObject({ attempt: 1, outcome: 'RELEASED' })
  await fetch(`${again.url}/documents/${slow?.id}`, { method: 'DELETE' })
})

test('a second Ctrl-C stops at once, and leaves no process behind', async () => {
  const running = await start()
  const [slow] = await upload(running.url, { 'slow.pdf': await manyScannedPages(600) })
  await waitForJob(running.url, slow?.id as string, (job) => job.pages_done >= 1)
  const pids = descendants(running.process.pid as number).map((one) => one.pid)
  running.process.kill('SIGINT')
  await new Promise((resolve) => setTimeout(resolve, 500))
  const second = performance.now()
  running.process.kill('SIGINT')
  await new Promise((resolve) => running.process.once('exit', resolve))
  expect(performance.now() - second).toBeLessThan(10_000)
  await vi.waitFor(() => expect(alive(pids)).toEqual([]), { timeout: 30_000 })
})

test('a stop while the database is being started again stops it all the same', async () => {
  const running = await start()
  const root = running.process.pid as number
  const pids = descendants(root).map((one) => one.pid)
  process.kill(childOf(root, 'postgres'), 'SIGKILL')
  await new Promise((resolve) => setTimeout(resolve, 80))
  expect(await running.stop()).toBe(0)
  const servers = () => descendants(1).filter((one) => one.command.includes(path.join(dataDir, 'data')))
  await vi.waitFor(() => expect([...alive(pids), ...servers()]).toEqual([]), { timeout: 30_000 })
})

test('of many starts on one new folder at once one wins, the others say why not', async () => {
  const starts = await Promise.allSettled(Array.from({ length: 3 }, () => start()))
  const refused = starts.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
  expect(refused).toHaveLength(2)
  for (const reason of refused) expect(reason).toMatch(/is in use: another start of this product/)
  const winner = starts.find((one) => one.status === 'fulfilled')
  expect((await list(winner?.value.url as string)).documents).toEqual([])
})

test('durability is on in the embedded database, and it listens to this machine only', async () => {
  await start()
  const url = (await readFile(path.join(dataDir, 'data', 'database-url'), 'utf8')).trim()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses') ORDER BY name`,
  )
  await client.end()
  expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    synchronous_commit: 'on',
  })
})

test('two copies run side by side; a second start on the same folder is refused and says what to do', async () => {
  const [one, other] = await Promise.all([start(), start({ DATA_DIR: path.join(dataDir, 'other') })])
  await uploadOne(one.url)
  expect((await list(one.url)).documents).toHaveLength(1)
  expect((await list(other.url)).documents).toHaveLength(0)
  await expect(start()).rejects.toThrow(/is in use: another start of this product is running with the same DATA_DIR/)
  expect((await list(one.url)).documents).toHaveLength(1)
})

test.each([
  ['everything, the database included', () => false],
  ['everything but the database, which goes on as an orphan', (command: string) => command.includes('postgres')],
])(
  'kill -9 of %s during 50 uploads: what was answered 202 is there and finishes, nothing is half there',
  async (_, spared) => {
    const first = await start()
    const bytes = await textPdf(['Kept for good'])
    const accepted: string[] = []
    const uploads = Array.from({ length: 50 }, async (_, n) => {
      const documents = await upload(first.url, { [`${n}.pdf`]: bytes }).catch(() => [])
      accepted.push(...documents.map((document) => document.id))
      if (accepted.length === 20) killTree(first.process.pid as number, spared)
    })
    await Promise.all(uploads)
    expect(accepted.length).toBeGreaterThanOrEqual(20)

    const second = await start()
    const { documents } = await list(second.url)
    const ids = documents.map((document) => document.id)
    expect(accepted.filter((id) => !ids.includes(id))).toEqual([])
    for (const id of ids) {
      expect(await waitForJob(second.url, id)).toMatchObject({ status: 'COMPLETED', pages_done: 1 })
      const content = await fetch(`${second.url}/documents/${id}/content`)
      expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true)
    }
    const url = (await readFile(path.join(dataDir, 'data', 'database-url'), 'utf8')).trim()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(
      `SELECT (SELECT count(*)::int FROM documents WHERE id NOT IN (SELECT document_id FROM document_processing_jobs)) AS without_job,
            (SELECT count(*)::int FROM documents) AS documents, (SELECT count(*)::int FROM unowned_blobs) AS unowned`,
    )
    await client.end()
    expect(rows[0]).toMatchObject({ without_job: 0, documents: ids.length })
    // Bytes without a document are on record, and housekeeping deletes them when their upload is stale.
    const blobs = (await readdir(path.join(dataDir, 'data', 'blobs'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    )
    expect(blobs.length).toBeLessThanOrEqual(ids.length + rows[0].unowned)
  },
)

test('a pid file of a process that is gone, or by now another one, does not keep the database from starting', async () => {
  const first = await start()
  killTree(first.process.pid as number)
  const pidFile = path.join(dataDir, 'data', 'postgres', 'data', 'postmaster.pid')
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  // This process is alive and is no PostgreSQL.
  await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'))
  const second = await start()
  expect((await list(second.url)).documents).toEqual([])
})

test('each part that dies is started again, the API on its port, and nothing is lost', async () => {
  const running = await start()
  const root = running.process.pid as number
  const { id } = await uploadOne(running.url)
  await waitForJob(running.url, id)
  for (const part of ['server.ts', 'worker.ts', 'postgres']) {
    const old = childOf(root, part)
    process.kill(old, 'SIGKILL')
    await vi.waitFor(() => expect(childOf(root, part)).not.toBe(old), { timeout: 60_000, interval: 200 })
  }
  await vi.waitFor(async () => expect((await fetch(`${running.url}/health/ready`)).status).toBe(200), {
    timeout: 60_000,
    interval: 200,
  })
  expect((await list(running.url)).documents.map((document) => document.id)).toEqual([id])
  const next = await uploadOne(running.url, 'next.pdf')
  expect(await waitForJob(running.url, next.id)).toMatchObject({ status: 'COMPLETED' })
})

test('a port in use, a wrong setting, a database that is not there: each is said in a sentence, and nothing stays behind', async () => {
  const running = await start()
  const port = new URL(running.url).port
  const other = { DATA_DIR: path.join(dataDir, 'other') }
  await expect(start({ ...other, PORT: port })).rejects.toThrow(/Port \d+ is in use. Set PORT to another one/)
  await expect(start({ ...other, WORKER_CONCURRENCY: 'many' })).rejects.toThrow(
    /WORKER_CONCURRENCY="many": not a number/,
  )
  await expect(start({ ...other, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toThrow(
    /The database at DATABASE_URL cannot be reached: .*ECONNREFUSED/,
  )
})

test('--azure-emulator runs one beside, leads API and worker to it, and keeps its address when it dies; other flags are refused', async () => {
  await expect(start({}, ['--azure-emulater'])).rejects.toThrow(
    /Unknown option '--azure-emulater'.*\nusage: npm start \[-- --azure-emulator\]/,
  )
  const running = await start({}, ['--azure-emulator'])
  const root = running.process.pid as number
  const settings = (part: string) => azureSettings(childOf(root, part))
  const { endpoint, key } = settings('server.ts')
  expect(settings('worker.ts')).toEqual({ endpoint, key })
  const ask = async (apiKey: string) => {
    const url = `${endpoint}/documentintelligence/documentModels/prebuilt-read/analyzeResults/none?api-version=2024-11-30`
    return (await fetch(url, { headers: { 'Ocp-Apim-Subscription-Key': apiKey } })).status
  }
  expect([await ask(key), await ask('other')]).toEqual([404, 401])
  process.kill(childOf(root, 'azure-emulator'), 'SIGKILL')
  await vi.waitFor(async () => expect(await ask(key)).toBe(404), { timeout: 30_000 })
  const emulator = childOf(root, 'azure-emulator')
  expect(await running.stop()).toBe(0)
  await vi.waitFor(() => expect(alive([emulator])).toEqual([]), { timeout: 30_000 })
})

/** What a running process was given, as `ps` shows it. */
function azureSettings(pid: number) {
  const shown = execFileSync('ps', ['eww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  const value = (name: string) => new RegExp(`AZURE_DOCUMENT_INTELLIGENCE_${name}=(\\S+)`).exec(shown)?.[1] ?? ''
  return { endpoint: value('ENDPOINT'), key: value('KEY') }
}
