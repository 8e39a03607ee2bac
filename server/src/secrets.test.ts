import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AzureEmulator, startAzureEmulator } from '../test/azure-emulator/emulator.ts'
import { textPdf } from '../test/fixtures.ts'
import { descendants } from '../test/processes.ts'
import { type Product, startProduct } from '../test/product.ts'
import { upload, waitForJob } from '../test/run-start.ts'
import { startTelltaleGateway, TELLTALES, type Telltale } from '../test/telltale-gateway.ts'
import { readConfig } from './config.ts'

/** The whole product as processes, at the lowest log level, behind a gateway that says the key back wherever it can. */
const KEY = 'Kq7-the-key-that-nobody-may-see-2b'
const { denies, breaks, timesOut, throttles, resets, givesNoUrl, leadsAway } = TELLTALES
const planned: Record<'post' | 'get', Telltale[]> = { post: [], get: [] }
const ids: string[] = []
let emulator: AzureEmulator
let gateway: Awaited<ReturnType<typeof startTelltaleGateway>>
let product: Product

async function process(name: string, plan: { post?: Telltale[]; get?: Telltale[] } = {}) {
  Object.assign(planned, { post: plan.post ?? [], get: plan.get ?? [] })
  const [document] = await upload(product.url, { [`${name}.pdf`]: await textPdf([name]) }, { provider: 'azure' })
  ids.push(document?.id ?? '')
  const { status, error } = await waitForJob(product.url, document?.id ?? '')
  return error?.code ?? status
}

beforeAll(async () => {
  emulator = await startAzureEmulator({ key: KEY })
  gateway = await startTelltaleGateway(emulator.url, (kind) => planned[kind].shift())
  product = await startProduct({
    AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: gateway.url,
    AZURE_DOCUMENT_INTELLIGENCE_KEY: KEY,
    JOB_MAX_ATTEMPTS: '1',
    LOG_LEVEL: 'trace',
    // The SDK's own.
    AZURE_LOG_LEVEL: 'verbose',
  })
  const ended = {
    accepted: await process('accepted'),
    throttled: await process('throttled', { post: [throttles], get: [throttles, breaks] }),
    denied: await process('denied', { post: [denies] }),
    broken: await process('broken', { post: [breaks] }),
    late: await process('late', { post: [timesOut] }),
    reset: await process('reset', { post: [resets] }),
    nowhere: await process('nowhere', { post: [givesNoUrl] }),
    away: await process('away', { post: [leadsAway] }),
    gone: await gateway.close().then(() => process('gone')),
  }
  expect(ended).toEqual({
    accepted: 'COMPLETED',
    throttled: 'COMPLETED',
    denied: 'credentials_refused',
    ...{ broken: 'provider_unavailable', late: 'provider_unavailable', reset: 'provider_unavailable' },
    ...{ nowhere: 'provider_unavailable', away: 'provider_unavailable', gone: 'provider_unavailable' },
  })
})
afterAll(async () => {
  await product?.stop()
  await emulator?.close()
})

/** Fails when the key is in a text, as it is or in base64, or when the text is not the one meant: `known` has to be in it. */
function expectNoKey(text: string, known: string | RegExp): void {
  expect(text).toMatch(known)
  for (const form of [KEY, Buffer.from(KEY).toString('base64')]) {
    const at = text.indexOf(form)
    expect(at < 0 ? '' : text.slice(Math.max(0, at - 200), at + 100)).toBe('')
  }
}

test('not in the logs, at the lowest level, the SDK’s among them', () => {
  expectNoKey(product.log(), /attempt failed/)
  expectNoKey(product.log(), /azure:ai-document-intelligence:info Response/)
  expectNoKey(product.printed(), /is ready at/)
})

test('not in any column of any table', async () => {
  const client = new pg.Client({ connectionString: product.databaseUrl })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
     UNION ALL SELECT 'pg_stat_activity'`,
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`)
    texts.push(name, ...rows.map(({ text }) => text))
  }
  await client.end()
  expectNoKey(texts.join('\n'), /public\.provider_submissions/)
  expectNoKey(texts.join('\n'), /credentials_refused/)
  // What the gateway said is kept but for the key.
  expectNoKey(texts.join('\n'), /Your key is \*\*\*/)
})

test('not in any answer of the API, errors among them', async () => {
  const openapi = (await (await fetch(`${product.url}/openapi.json`)).json()) as { paths: Record<string, object> }
  const paths = Object.entries(openapi.paths).flatMap(([address, methods]) => ('get' in methods ? [address] : []))
  const addresses = [...paths, '/openapi.json', '/nothing', '/documents?limit=x', '/documents/x', '/%'].flatMap(
    (one) =>
      one.includes('{document_id}')
        ? ids.map((id) => one.replace('{document_id}', id).replace('{page_number}', '1'))
        : [one],
  )
  const answers: string[] = []
  for (const address of addresses) {
    const answer = await fetch(`${product.url}${address}`)
    answers.push(`${answer.status} ${address} ${JSON.stringify([...answer.headers])} ${await answer.text()}`)
  }
  const refused = await fetch(`${product.url}/documents`, { method: 'POST', body: 'none' })
  answers.push(await refused.text())
  const text = answers.join('\n')
  for (const known of [
    '200 /health/ready',
    '200 /queue',
    '200 /openapi.json',
    '404 /nothing',
    'Your key is ***',
    'stringIndexType',
  ])
    expectNoKey(text, known)
})

test('not in a file below DATA_DIR', async () => {
  const entries = await readdir(product.dataDir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')))
  // The documents, and the results as they came.
  expectNoKey([...files, ...contents].join('\n'), /%PDF-/)
  expectNoKey(contents.join('\n'), /"stringIndexType":"utf16CodeUnit"/)
})

test('not in the page or its scripts', async () => {
  const html = await (await fetch(`${product.url}/`)).text()
  const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
  const texts = await Promise.all(assets.map(async (one) => (await fetch(new URL(one ?? '', product.url))).text()))
  expectNoKey([html, ...texts].join('\n'), /<script/)
  expectNoKey(texts.join('\n'), /createElement/)
})

test('not in the title or the arguments of a process', () => {
  const args = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
  expectNoKey(args, /worker\.ts/)
  expect(descendants(product.process.pid as number).length).toBeGreaterThanOrEqual(2)
})

test.each([
  ['AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT', `http://user:${KEY}@name.cognitiveservices.azure.com`],
  ['AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT', `https://user:${KEY}@name.cognitiveservices.azure.com`],
  ['AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT', `https://name.cognitiveservices.azure.com/?subscription-key=${KEY}`],
  ['AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT', `https://name.cognitiveservices.azure.com/#${KEY}`],
  ['AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT', KEY],
  ['DATABASE_URL', `mysql://user:${KEY}@host/db`],
])('not in what is said about a wrong %s: %s', (name, value) => {
  let said = ''
  try {
    readConfig({ [name]: value })
  } catch (error) {
    said = String(error)
  }
  expectNoKey(said, new RegExp(`not valid:\\n {2}${name}: `))
})
