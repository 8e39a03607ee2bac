import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import createClient, {
  type AnalyzeOperationOutput,
  type DocumentIntelligenceClient,
  getLongRunningPoller,
  isUnexpected,
} from '@azure-rest/ai-document-intelligence'
import type { Browser } from 'playwright-core'
import { startAzureEmulator } from '../../../server/test/azure-emulator/emulator.ts'
import { parseExactly } from '../../../server/test/azure-emulator/exact-json.ts'
import { runStart, upload, waitForJob } from '../../../server/test/run-start.ts'
import { launchBrowser } from '../../../test/browser.ts'
import { readShownPage } from '../../../test/shown-result.ts'
import { folderOf } from '../folder.ts'
import { table } from '../report.ts'
import { type Counts, countParts } from './counts.ts'
import { expectedPage } from './expected-page.ts'
import { isSameJson, lossesOnPages } from './losses.ts'
import { type RecordedDocument, readRecordedDocuments } from './recorded-documents.ts'

/**
 * Serves every recorded answer of a folder by the emulator: to the official client, which has to read it unchanged, and to the whole
 * product (PostgreSQL, API and worker), whose result has to be it token for token, whose pages have to have all of it, and whose page in
 * a browser has to show every word, cell and field of it. What the product refuses is listed with the code. Ends with 1 on any loss.
 */

const KEY = 'recordings'
const folder = folderOf(process.argv[2], 'usage: npm run bench:azure:recordings -- FOLDER   (with a MANIFEST.tsv)')

type Row = { recording: string; model: string } & Counts & { sdk: string; product: string }

const scratch = await mkdtemp(path.join(tmpdir(), 'adp-recordings-'))
const documents = await readRecordedDocuments(folder, scratch)
if (documents.length === 0) throw new Error(`${folder} has no recorded answer`)
const answers = new Map(documents.map(({ sha256, answer }) => [sha256, answer]))
const emulator = await startAzureEmulator({ key: KEY, answers, limits: null })
const client = createClient(emulator.url, { key: KEY }, { allowInsecureConnection: true })
const product = await runStart({
  DATA_DIR: scratch,
  AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: emulator.url,
  AZURE_DOCUMENT_INTELLIGENCE_KEY: KEY,
  JOB_MAX_ATTEMPTS: '1',
})
const browser = await launchBrowser()
try {
  const rows: Row[] = []
  for (const document of documents) rows.push(await goThrough(document))
  console.log(table(rows))
  if (rows.some(({ sdk, product: said }) => /^(DIFFERENT|LOST)/.test(sdk) || said.startsWith('LOST')))
    process.exitCode = 1
} finally {
  await browser.close()
  await product.stop()
  await emulator.close()
  await rm(scratch, { recursive: true })
}

async function goThrough(document: RecordedDocument): Promise<Row> {
  const { name, modelId, result } = document
  return {
    ...{ recording: name, model: modelId, ...countParts(result) },
    ...{ sdk: await readWithSdk(client, document), product: await readWithProduct(document) },
  }
}

async function readWithSdk(from: DocumentIntelligenceClient, { modelId, content, result }: RecordedDocument) {
  const submitted = await from
    .path('/documentModels/{modelId}:analyze', modelId)
    .post({ contentType: 'application/octet-stream', body: new Uint8Array(content) })
  if (isUnexpected(submitted)) return result ? 'LOST: refused' : `${submitted.status} ${submitted.body.error.code}`
  try {
    const { analyzeResult } = (await getLongRunningPoller(from, submitted).pollUntilDone())
      .body as AnalyzeOperationOutput
    return isDeepStrictEqual(analyzeResult, result) ? 'the same' : 'DIFFERENT'
  } catch (error) {
    return result ? `LOST: ${error}` : 'failed'
  }
}

async function readWithProduct(recorded: RecordedDocument): Promise<string> {
  const { name, modelId, content, answer, result, refusal } = recorded
  const files = { [name]: content }
  const [document] = await upload(product.url, files, { provider: 'azure', model: modelId })
  const id = document?.id ?? ''
  const { error } = await waitForJob(product.url, id)
  if (error) return `${error.code === refusal ? 'refused' : 'LOST'}: ${error.code} (${error.detail})`
  if (!result || refusal) return `LOST: ${refusal} is missing`
  const losses: string[] = []
  const stored = await (await fetch(`${product.url}/documents/${id}/result`)).text()
  const { analyzeResult } = parseExactly(await readFile(answer, 'utf8')) as { analyzeResult: object }
  if (!isSameJson(stored, JSON.stringify(analyzeResult))) losses.push('the result differs from the recorded one')
  const pages: AnalyzeResult[] = []
  for (const { pageNumber } of result.pages)
    pages.push((await (await fetch(`${product.url}/documents/${id}/pages/${pageNumber}`)).json()) as AnalyzeResult)
  losses.push(...lossesOnPages(result, pages), ...(await lossesInBrowser(browser, id, pages)))
  return losses.length === 0 ? 'stored, read back and shown without loss' : `LOST: ${losses.join('; ')}`
}

async function lossesInBrowser(shownBy: Browser, id: string, pages: AnalyzeResult[]): Promise<string[]> {
  const losses: string[] = []
  const tab = await shownBy.newPage({ locale: 'en' })
  for (const [index, result] of pages.entries()) {
    await tab.goto('about:blank')
    await tab.goto(`${product.url}/#/documents/${id}/pages/${index + 1}`)
    const shown = await readShownPage(tab)
    const expected = expectedPage(result)
    for (const part of Object.keys(expected) as (keyof typeof expected)[])
      if (!isDeepStrictEqual(shown[part], expected[part])) losses.push(`page ${index + 1} shows other ${part}`)
  }
  await tab.close()
  return losses
}
