import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import type { AnalyzeResult, ResultParts } from '@adp/contract/analyze-result.ts'
import type { DocumentField } from '@adp/contract/result-fields.ts'
import { analyzeResultJson, readAnswer } from '../../../server/src/extraction/azure/answer.ts'
import { checkResult } from '../../../server/src/extraction/azure/check-result.ts'
import { readPages } from '../../../server/src/extraction/azure/read-pages.ts'
import { splitResult } from '../../../server/src/extraction/azure/split-result.ts'
import { table } from '../report.ts'

/**
 * Reads every recorded answer of a folder as the product does, and compares with JSON.parse: the result word for word, and that no word,
 * table or field is lost on the way to the pages.
 */
const { positionals } = parseArgs({ allowPositionals: true })
const [folder] = positionals
if (folder === undefined) throw new Error('Which folder? npm run bench:azure:read-back -- <folder>')

type Counts = { pages: number; words: number; tables: number; paragraphs: number; fields: number }
type Row = { file: string; status: string; verdict: string } & Counts

const none: Counts = { pages: 0, words: 0, tables: 0, paragraphs: 0, fields: 0 }

const countFields = (fields: Record<string, DocumentField> = {}): number =>
  Object.values(fields).reduce((sum, field) => sum + countField(field), 0)

const countField = (field: DocumentField): number =>
  1 + (field.valueArray ?? []).reduce((sum, each) => sum + countField(each), 0) + countFields(field.valueObject)

function countParts(parts: ResultParts): Pick<Counts, 'tables' | 'paragraphs' | 'fields'> {
  const fields = (parts.documents ?? []).reduce((sum, document) => sum + countFields(document.fields), 0)
  return { tables: parts.tables?.length ?? 0, paragraphs: parts.paragraphs?.length ?? 0, fields }
}

async function readBack(file: string, scratch: string): Promise<{ verdict: string; counts: Counts }> {
  const whole = JSON.parse(await readFile(file, 'utf8')).analyzeResult as AnalyzeResult
  const copy = JSON.parse((await analyzeResultJson(file).toArray()).join('')) as AnalyzeResult
  if (!isDeepStrictEqual(copy, whole)) throw new Error('the stream of the result differs from the file')
  const result = await splitResult(file, scratch)
  const counts = { ...none }
  for await (const { page, parts } of readPages(result)) {
    counts.pages += 1
    counts.words += page.words?.length ?? 0
    for (const [key, value] of Object.entries(countParts(parts ?? {}))) counts[key as keyof Counts] += value
  }
  await result.close()
  const words = whole.pages.reduce((sum, page) => sum + (page.words?.length ?? 0), 0)
  if (!isDeepStrictEqual(counts, { pages: whole.pages.length, words, ...countParts(whole) }))
    throw new Error('something was lost')
  return { verdict: verdictOf(() => checkResult(result, { modelId: whole.modelId, pages: null })), counts }
}

function verdictOf(check: () => void): string {
  try {
    check()
    return 'ok'
  } catch (error) {
    return `refused: ${(error as Error).message}`
  }
}

async function readOne(name: string): Promise<Row> {
  const file = path.join(folder as string, name)
  const scratch = await mkdtemp(path.join(tmpdir(), 'adp-read-back-'))
  let status = ''
  try {
    const answer = await readAnswer(file)
    status = answer.status
    if (!answer.hasResult) return { file: name, status, verdict: answer.error?.message ?? 'no result', ...none }
    const { verdict, counts } = await readBack(file, scratch)
    return { file: name, status, verdict, ...counts }
  } catch (error) {
    return { file: name, status, verdict: String(error), ...none }
  } finally {
    await rm(scratch, { recursive: true })
  }
}

const rows: Row[] = []
for (const name of (await readdir(folder)).filter((each) => each.endsWith('.json')).sort())
  rows.push(await readOne(name))
console.log(table(rows))
