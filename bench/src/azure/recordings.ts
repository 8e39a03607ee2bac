import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import createClient, {
  type AnalyzeOperationOutput,
  type DocumentIntelligenceClient,
  getLongRunningPoller,
  isUnexpected,
} from '@azure-rest/ai-document-intelligence'
import { PDFDocument } from 'pdf-lib'
import { readRecorded } from '../../../server/test/azure-emulator/answers.ts'
import { startAzureEmulator } from '../../../server/test/azure-emulator/emulator.ts'
import { type Recording, readRecordings } from '../../../server/test/azure-emulator/recordings.ts'

/** Serves every recorded answer of a folder through the emulator, with the official client, and compares what comes back. */

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('usage: npm run bench:azure:recordings -- FOLDER   (with a MANIFEST.tsv)')

const KEY = 'recordings'
const recordings = await readRecordings(folder)
if (recordings.length === 0) throw new Error(`${folder} has no recorded answer`)
const contents = await Promise.all(recordings.map(contentOf))
const answers = new Map(contents.map((content, index) => [sha256Of(content), recordings[index]?.answer ?? '']))
const emulator = await startAzureEmulator({ key: KEY, answers, limits: null })
const client = createClient(emulator.url, { key: KEY }, { allowInsecureConnection: true })
for (const [index, recording] of recordings.entries()) {
  const same = isDeepStrictEqual(
    await serve(client, recording.modelId, contents[index] as Buffer),
    await readRecorded(recording.answer),
  )
  console.log(`${path.basename(recording.answer)}  ${recording.modelId}  ${same ? 'the same' : 'DIFFERENT'}`)
  if (!same) process.exitCode = 1
}
await emulator.close()

/** Where the document was not kept, a page that stands for it. */
async function contentOf({ document, answer }: Recording): Promise<Buffer> {
  if (document) return readFile(document)
  const standIn = await PDFDocument.create()
  standIn.addPage()
  standIn.setTitle(path.basename(answer))
  return Buffer.from(await standIn.save())
}

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

async function serve(from: DocumentIntelligenceClient, modelId: string, body: Buffer): Promise<unknown> {
  const submitted = await from
    .path('/documentModels/{modelId}:analyze', modelId)
    .post({ contentType: 'application/octet-stream', body: new Uint8Array(body) })
  if (isUnexpected(submitted)) throw new Error(JSON.stringify(submitted.body.error))
  return ((await getLongRunningPoller(from, submitted).pollUntilDone()).body as AnalyzeOperationOutput).analyzeResult
}
