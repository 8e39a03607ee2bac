import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AnalyzeResult, StringIndexType } from '@adp/contract/analyze-result.ts'
import type { ErrorCode } from '@adp/contract/errors.ts'
import { PDFDocument } from 'pdf-lib'
import { moveSpans } from '../../../server/src/extraction/spans.ts'
import { type Recording, readRecordings } from '../../../server/test/azure-emulator/recordings.ts'

/** A document that has a recorded answer. */
export type RecordedDocument = {
  name: string
  /** The file of the answer. */
  answer: string
  modelId: string
  content: Buffer
  sha256: string
  /** null for an answer of an analysis that failed, or that was refused. */
  result: AnalyzeResult | null
  /** What the product has to refuse the answer with; null when it has to take it. */
  refusal: ErrorCode | null
}

type Answer = { status?: string; error?: object; analyzeResult?: AnalyzeResult }
type Size = { width?: number; height?: number; unit?: string }

/**
 * Every answer of a folder of recordings that says something final, and of those that count spans in another unit than the product asks
 * for, which it refuses, a copy that counts in it.
 * @param scratch a folder for these
 */
export async function readRecordedDocuments(folder: string, scratch: string): Promise<RecordedDocument[]> {
  const results = await readRecordings(folder)
  const known = new Set(results.map(({ answer }) => path.basename(answer)))
  const others = (await readdir(folder)).filter((name) => name.endsWith('.json') && !known.has(name)).sort()
  const recordings = [
    ...results,
    ...others.map((name): Recording => ({ answer: path.join(folder, name), modelId: 'prebuilt-read' })),
  ]
  const documents: RecordedDocument[] = []
  for (const recording of recordings) {
    const answer = JSON.parse(await readFile(recording.answer, 'utf8')) as Answer
    if (!answer.analyzeResult && !answer.error) continue
    const content = recording.document ? await readFile(recording.document) : await standIn(recording.answer, answer)
    documents.push(describe(recording, answer, content))
    if (!answer.analyzeResult || answer.analyzeResult.stringIndexType === 'utf16CodeUnit') continue
    const converted = { ...answer, analyzeResult: inUtf16(answer.analyzeResult) }
    const file = path.join(scratch, `${path.basename(recording.answer, '.json')}.utf16.json`)
    await writeFile(file, JSON.stringify(converted))
    // A PDF may be followed by white space, and is another document then.
    documents.push(describe({ ...recording, answer: file }, converted, Buffer.concat([content, Buffer.from('\n')])))
  }
  return documents
}

const describe = ({ answer, modelId }: Recording, said: Answer, content: Buffer): RecordedDocument => ({
  ...{ name: path.basename(answer), answer, modelId, content },
  sha256: createHash('sha256').update(content).digest('hex'),
  result: said.analyzeResult ?? null,
  refusal: refusalOf(said),
})

function refusalOf({ status, analyzeResult }: Answer): ErrorCode | null {
  if (!analyzeResult) return status === 'failed' ? 'provider_failed' : 'provider_rejected'
  if ('readResults' in analyzeResult || JSON.stringify(analyzeResult).includes('"boundingBox":['))
    return 'result_outdated_shape'
  const { apiVersion, stringIndexType } = analyzeResult
  return apiVersion === '2024-11-30' && stringIndexType === 'utf16CodeUnit' ? null : 'result_mismatch'
}

/** Where the document was not kept, one of blank pages as large as those that the answer is about. A pixel is a point. */
async function standIn(name: string, { analyzeResult }: Answer): Promise<Buffer> {
  const pdf = await PDFDocument.create()
  const pages: Size[] = analyzeResult?.pages ?? (analyzeResult?.readResults as Size[] | undefined) ?? [{}]
  for (const { width = 8.5, height = 11, unit = 'inch' } of pages) {
    const points = unit === 'inch' ? 72 : 1
    pdf.addPage([width * points, height * points])
  }
  pdf.setTitle(path.basename(name))
  return Buffer.from(await pdf.save())
}

function inUtf16(result: AnalyzeResult): AnalyzeResult {
  const ends = [0]
  for (const piece of piecesOf[result.stringIndexType](result.content)) ends.push((ends.at(-1) ?? 0) + piece.length)
  const at = (index: number): number => ends[index] ?? Number.NaN
  const moved = moveSpans(result, ({ offset, length }) => [
    { offset: at(offset), length: at(offset + length) - at(offset) },
  ])
  return { ...moved, stringIndexType: 'utf16CodeUnit' }
}

const piecesOf: Record<StringIndexType, (text: string) => string[]> = {
  textElements: (text) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment),
  unicodeCodePoint: (text) => [...text],
  utf16CodeUnit: (text) => text.split(''),
}
