import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { AnalyzeResultOutput, DocumentFieldOutput, DocumentSpanOutput } from '@azure-rest/ai-document-intelligence'
import { degrees, PDFDocument } from 'pdf-lib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { multiPageTiff, textPdf } from '../fixtures.ts'
import { type AnalyzeRequest, startTestEmulator, type TestEmulator } from './testing.ts'
import { lengthIn } from './text-writer.ts'

let emulator: TestEmulator
let pdf: Buffer
beforeAll(async () => {
  emulator = await startTestEmulator()
  pdf = await textPdf(['one', 'two', 'three', 'four'])
})
afterAll(() => emulator.close())

async function resultOf(content: Buffer, request: AnalyzeRequest = {}): Promise<AnalyzeResultOutput> {
  const response = await emulator.get(await emulator.submit(content, request))
  return ((await response.json()) as { analyzeResult: AnalyzeResultOutput }).analyzeResult
}

/** Every object of the result that has a content and a span, with both. */
function placed(value: unknown, found: [content: string, spans: DocumentSpanOutput[]][] = []) {
  if (Array.isArray(value)) for (const one of value) placed(one, found)
  else if (typeof value === 'object' && value !== null) {
    const { content, span, spans } = value as {
      content?: string
      span?: DocumentSpanOutput
      spans?: DocumentSpanOutput[]
    }
    if (typeof content === 'string' && (span || spans)) found.push([content, spans ?? [span as DocumentSpanOutput]])
    for (const one of Object.values(value)) placed(one, found)
  }
  return found
}

const units = {
  textElements: (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment),
  unicodeCodePoint: (text: string) => [...text],
  utf16CodeUnit: (text: string) => text.split(''),
}

test.each([
  ['textElements', 'text'],
  ['unicodeCodePoint', 'text'],
  ['utf16CodeUnit', 'text'],
  ['utf16CodeUnit', 'markdown'],
] as const)('every span in %s names its own text, in %s', async (stringIndexType, outputContentFormat) => {
  const query = { stringIndexType, outputContentFormat, features: 'keyValuePairs,queryFields', queryFields: 'Due' }
  const result = await resultOf(pdf, { model: 'prebuilt-invoice', query })
  expect(result).toMatchObject({ stringIndexType, contentFormat: outputContentFormat })
  const text = units[stringIndexType](result.content)
  const all = placed(result.pages).concat(
    placed([result.paragraphs, result.tables, result.keyValuePairs, result.documents]),
  )
  expect(all.length).toBeGreaterThan(80)
  for (const [content, [span]] of all) {
    const { offset, length } = span as DocumentSpanOutput
    expect(text.slice(offset, offset + length).join('')).toBe(content)
  }
  expect(result.pages.at(-1)?.spans[0]?.offset).toBeLessThan(text.length)
})

test('the default is textElements, and the three units differ', async () => {
  const { content, stringIndexType } = await resultOf(pdf)
  expect(stringIndexType).toBe('textElements')
  const lengths = Object.values(lengthIn).map((length) => length(content))
  expect(lengths.toSorted((a, b) => a - b)).toEqual(lengths)
  expect(new Set(lengths).size).toBe(3)
})

test('pages and sizes are the content’s: inches of a PDF, turned where the page is, pixels of a TIFF', async () => {
  const turned = await PDFDocument.create()
  turned.addPage([360, 720])
  turned.addPage([360, 720]).setRotation(degrees(90))
  const sizes = ({ pages }: AnalyzeResultOutput) => pages.map(({ width, height, unit }) => [width, height, unit])
  expect(sizes(await resultOf(Buffer.from(await turned.save())))).toEqual([
    [5, 10, 'inch'],
    [10, 5, 'inch'],
  ])
  expect(sizes(await resultOf(await multiPageTiff(['a', 'b'])))).toEqual([
    [1240, 1754, 'pixel'],
    [1240, 1754, 'pixel'],
  ])
})

test('only the pages that were asked for come back, with their own numbers, and their text names content and page', async () => {
  const { pages, content } = await resultOf(pdf, { query: { pages: '2,4-4' } })
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  expect(pages.map((page) => page.pageNumber)).toEqual([2, 4])
  for (const page of pages) {
    expect(page.lines?.[0]?.content).toBe(`Document ${sha256.slice(0, 16)} 👩‍👧 page ${page.pageNumber}`)
  }
  expect(content).not.toContain('page 1')
})

test('every polygon is of eight numbers and on its page', async () => {
  const { pages } = await resultOf(pdf, { model: 'prebuilt-invoice' })
  for (const { width = 0, height = 0, words = [], lines = [], selectionMarks = [] } of pages) {
    for (const { polygon = [] } of [...words, ...lines, ...selectionMarks]) {
      expect(polygon).toHaveLength(8)
      for (const [index, value] of polygon.entries()) {
        expect(value).toBeGreaterThan(0)
        expect(value).toBeLessThan(index % 2 === 0 ? width : height)
      }
    }
  }
})

test('what a model or a feature does not give is left out', async () => {
  const read = await resultOf(pdf, { model: 'prebuilt-read' })
  expect(Object.keys(read)).not.toContain('tables')
  expect(read.pages[0]).not.toHaveProperty('selectionMarks')
  const layout = await resultOf(pdf)
  expect(layout.keyValuePairs).toBeUndefined()
  expect(layout.documents).toBeUndefined()
  expect(layout.pages[0]?.selectionMarks?.map(({ state }) => state)).toEqual(['selected', 'unselected'])
  const cells = layout.tables?.[0]?.cells ?? []
  expect(cells.map(({ columnSpan, rowSpan }) => [columnSpan, rowSpan])).toEqual([
    [2, undefined],
    [undefined, 2],
    [undefined, undefined],
    [undefined, undefined],
  ])
  const pairs = await resultOf(pdf, { query: { features: 'keyValuePairs' } })
  expect(pairs.keyValuePairs).toMatchObject(
    [1, 2, 3, 4].map((page) => ({
      key: { content: 'Reference:' },
      value: { content: expect.stringContaining(`-${page}`) },
    })),
  )
})

test('an invoice has a field of every type', async () => {
  const { documents } = await resultOf(pdf, { model: 'prebuilt-invoice' })
  const types = new Set<string>()
  const visit = (field: DocumentFieldOutput) => {
    types.add(field.type)
    const value = `value${field.type.charAt(0).toUpperCase()}${field.type.slice(1)}`
    expect(field).toHaveProperty(value)
    field.valueArray?.forEach(visit)
    Object.values(field.valueObject ?? {}).forEach(visit)
  }
  Object.values(documents?.[0]?.fields ?? {}).forEach(visit)
  expect([...types].toSorted()).toEqual(
    'address array boolean countryRegion currency date integer number object phoneNumber selectionGroup selectionMark signature string time'.split(
      ' ',
    ),
  )
})

test('query fields are answered by name', async () => {
  const { documents } = await resultOf(pdf, { query: { features: 'queryFields', queryFields: 'Total,Größe' } })
  expect(documents).toMatchObject([
    { docType: 'prebuilt-layout', fields: { Total: { valueString: 'answer-to-Total' }, Größe: { type: 'string' } } },
  ])
})

test('markdown has a heading, a table with its colspan, and page breaks', async () => {
  const { content } = await resultOf(pdf, { query: { outputContentFormat: 'markdown' } })
  expect(content).toMatch(/^# Document /)
  expect(content).toContain('<th colspan="2">Both 😀 columns</th>')
  expect(content).toContain('<td rowspan="2">Widget</td>')
  expect(content.split('<!-- PageBreak -->')).toHaveLength(4)
})

test('a result is what the contract calls one', async () => {
  const result = await resultOf(pdf, { query: { stringIndexType: 'utf16CodeUnit' } })
  expect(AnalyzeResult.safeParse(result).error?.issues ?? []).toEqual([])
})

describe('a recorded answer is given as it is', () => {
  let folder: string
  let recorded: TestEmulator
  afterEach(async () => {
    await recorded.close()
    await rm(folder, { recursive: true })
  })
  async function record(answer: string) {
    folder = await mkdtemp(path.join(tmpdir(), 'adp-answers-'))
    const file = path.join(folder, 'answer.json')
    await writeFile(file, answer)
    recorded = await startTestEmulator({ answers: (sha256) => (sha256.startsWith('00') ? undefined : file) })
  }
  const created = '"createdDateTime":"2020-01-01T00:00:00Z"'

  test('a result whatever was asked, to the digits', async () => {
    const result = '{"apiVersion":"2024-11-30","content":"\u00e9","pages":[],"anything":[1.50,2.0,-1e-7,null]}'
    await record(`{"status":"succeeded",${created},"analyzeResult":${result}}`)
    const answer = await (await recorded.get(await recorded.submit(pdf, { query: { pages: '1' } }))).text()
    expect(JSON.parse(answer)).toMatchObject({ status: 'succeeded', createdDateTime: '2026-01-01T00:00:00Z' })
    expect(answer).toContain(`"analyzeResult":${result.replace('\u00e9', 'é')}`)
  })

  test('a failure, which costs nothing', async () => {
    await record(`{"status":"failed",${created},"error":{"code":"InternalServerError","message":"Recorded."}}`)
    const answer = await recorded.get(await recorded.submit(pdf))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ status: 'failed', error: { message: 'Recorded.' } })
    expect(recorded.ledger()).toMatchObject([{ accepted: 1, billedPages: 0 }])
    expect(recorded.ledger()[0]?.submissions[0]).not.toHaveProperty('error')
  })

  test.each([
    ['InvalidArgument', 400],
    ['NotFound', 404],
    ['403', 403],
    ['SomethingNew', 400],
  ])('a refusal with the code %s, by the status %i', async (code, status) => {
    const body = { error: { code, message: 'Recorded.', innererror: { code: 'Inner', message: 'Said.' } } }
    await record(JSON.stringify(body))
    const refused = await recorded.analyze(pdf)
    expect([refused.status, await refused.json()]).toEqual([status, body])
    expect(recorded.ledger()).toEqual([])
  })
})
