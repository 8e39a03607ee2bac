import type { AnalyzeResult, Page } from '@adp/contract/analyze-result.ts'
import type { Span } from '@adp/contract/geometry.ts'
import type { DocumentField } from '@adp/contract/result-fields.ts'
import fc from 'fast-check'

/** Results as Azure Document Intelligence gives them, made at random. */

type Run = { page: number; words: string[] }
type Unit = 'inch' | 'pixel' | null

const someWord = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
  .filter((word) => word.isWellFormed() && !word.includes('\0'))

/** The document's text as runs, each of which is a page's: the pages may take turns, and a line break between two runs is nobody's. */
const someRuns = (pages: number) =>
  fc
    .tuple(
      fc.array(fc.array(someWord, { maxLength: 5 }), { minLength: pages, maxLength: pages }),
      fc.array(fc.record({ page: fc.integer({ min: 1, max: pages }), words: fc.array(someWord, { maxLength: 5 }) }), {
        maxLength: 4,
      }),
    )
    .map(([first, more]): Run[] => [...first.map((words, index) => ({ page: index + 1, words })), ...more])

const polygon = (unit: Unit) =>
  unit === 'pixel' ? [10, 20, 30, 20, 30, 40, 10, 40] : [1.0001, 2.5, 3, 2.5, 3, 4.25, 1, 4.25]

function makePages(runs: Run[], units: Unit[]): { content: string; pages: Page[] } {
  const pages = units.map((unit, index): Page => {
    const size = unit === null ? {} : { angle: 0.12345, width: 8.5, height: unit === 'pixel' ? 1100 : 11, unit }
    return { pageNumber: index + 1, ...size, words: [], lines: [], selectionMarks: [], spans: [] }
  })
  let content = ''
  for (const { page: number, words } of runs) {
    const page = pages[number - 1] as Page
    const unit = units[number - 1] ?? null
    const placed = unit === null ? {} : { polygon: polygon(unit) }
    const start = content.length
    for (const [index, word] of words.entries()) {
      if (index > 0) content += ' '
      page.words?.push({
        content: word,
        ...placed,
        span: { offset: content.length, length: word.length },
        confidence: 0.99,
      })
      content += word
    }
    const spans = [{ offset: start, length: content.length - start }]
    page.lines?.push({ content: words.join(' '), ...placed, spans })
    page.selectionMarks?.push({ state: 'selected', ...placed, span: { offset: start, length: 0 }, confidence: 0.5 })
    page.spans.push(...spans)
    content += '\n'
  }
  return { content, pages }
}

const someField = (spans: Span[]): fc.Arbitrary<DocumentField> =>
  fc.letrec<{ field: DocumentField }>((tie) => ({
    field: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<DocumentField>(
        { type: 'string' },
        { type: 'string', valueString: 'Contoso', content: 'Contoso', spans, confidence: 0.9 },
        { type: 'date', valueDate: '2026-11-23', content: '23 Nov' },
        { type: 'time', valueTime: '13:59:00' },
        { type: 'phoneNumber', valuePhoneNumber: '+5511987654321' },
        { type: 'number', valueNumber: 1e-7, spans },
        { type: 'integer', valueInteger: -3 },
        { type: 'selectionMark', valueSelectionMark: 'selected' },
        { type: 'signature', valueSignature: 'signed' },
        { type: 'countryRegion', valueCountryRegion: 'BRA' },
        { type: 'currency', valueCurrency: { amount: 1234.5, currencySymbol: 'R$', currencyCode: 'BRL' } },
        { type: 'address', valueAddress: { city: 'São Paulo', unit: '4' }, newer: { spans } },
        { type: 'boolean', valueBoolean: false },
        { type: 'selectionGroup', valueSelectionGroup: ['one', 'two'] },
      ),
      fc.array(tie('field'), { maxLength: 3 }).map((valueArray) => ({ type: 'array', valueArray })),
      fc
        .dictionary(fc.constantFrom('spans', 'span', 'Total', 'boundingBox', 'é 😀'), tie('field'))
        .map((valueObject) => ({ type: 'object', valueObject })),
    ),
  })).field

/** A span anywhere in the content, over pages and over what is nobody's. */
const someSpans = (length: number) =>
  fc
    .array(fc.tuple(fc.nat(length), fc.nat(length)), { minLength: 1, maxLength: 3 })
    .map((pairs): Span[] => pairs.map(([a, b]) => ({ offset: Math.min(a, b), length: Math.abs(a - b) })))

function someParts(content: string, pages: Page[]) {
  const spans = someSpans(content.length)
  // One page or two, and none in files without layout.
  const regions = fc.constantFrom(...pages).map(({ pageNumber, unit }) =>
    unit === undefined
      ? {}
      : {
          boundingRegions: [pageNumber, Math.min(pageNumber + 1, pages.length)].map((page) => ({
            pageNumber: page,
            polygon: polygon(unit),
          })),
        },
  )
  const text = fc.constantFrom('', 'text', '😀\u2028"\\\n')
  const region = fc.tuple(spans, regions).map(([where, on]) => ({ spans: where, ...on }))
  const list = <T>(element: fc.Arbitrary<T>) => fc.array(element, { maxLength: 4 })
  const element = fc.tuple(region, text).map(([where, words]) => ({ content: words, ...where }))
  return fc.record(
    {
      paragraphs: list(element.map((each) => ({ role: 'title', ...each }))),
      tables: list(
        fc.tuple(region, list(element), element).map(([where, cells, caption]) => ({
          rowCount: 5,
          columnCount: 2,
          cells: cells.map((cell, rowIndex) => ({
            kind: 'columnHeader',
            rowIndex,
            columnIndex: 0,
            columnSpan: 2,
            elements: ['/paragraphs/0'],
            ...cell,
          })),
          caption,
          footnotes: [caption],
          ...where,
        })),
      ),
      figures: list(region.map((where) => ({ id: '1.1', elements: [], ...where }))),
      sections: list(spans.map((where) => ({ spans: where, elements: ['/tables/0'] }))),
      keyValuePairs: list(fc.tuple(element, element).map(([key, value]) => ({ key, value, confidence: 1 }))),
      styles: list(spans.map((where) => ({ isHandwritten: true, spans: where, confidence: 0.5 }))),
      languages: list(spans.map((where) => ({ locale: 'pt', spans: where, confidence: 0.5 }))),
      documents: list(
        fc
          .tuple(region, spans)
          .chain(([where, of]) =>
            fc
              .dictionary(fc.constantFrom('Items', 'Total', 'spans'), someField(of))
              .map((fields) => ({ docType: 'invoice', fields, confidence: 1, ...where })),
          ),
      ),
      newerThings: list(region.map((where) => ({ thing: { ...where }, ...where }))),
    },
    { requiredKeys: [] },
  )
}

/** A whole result: pages of several units and spans, of which some have no layout, and of every list anything or nothing. */
export const someResult: fc.Arbitrary<AnalyzeResult> = fc
  .array(fc.constantFrom<Unit>('inch', 'pixel', null), { minLength: 1, maxLength: 4 })
  .chain((units) => fc.tuple(someRuns(units.length), fc.constant(units)))
  .map(([runs, units]) => makePages(runs, units))
  .chain(({ content, pages }) =>
    someParts(content, pages).map((parts) => ({
      apiVersion: '2024-11-30',
      modelId: 'prebuilt-layout',
      stringIndexType: 'utf16CodeUnit' as const,
      contentFormat: 'markdown',
      warnings: [{ code: 'w', message: 'x' }],
      newerValue: { of: ['anything'] },
      content,
      pages,
      ...parts,
    })),
  )

/** An answer with a result as JSON, its keys in any order. @param order the same number gives the same order */
export function toAnswer(analyzeResult: unknown, order = 0): string {
  const answer = {
    status: 'succeeded',
    createdDateTime: '2026-11-23T00:00:00Z',
    lastUpdatedDateTime: '2026-11-23T00:00:01Z',
    analyzeResult,
  }
  return order === 0 ? JSON.stringify(answer) : JSON.stringify(inOrder(answer, order))
}

function inOrder(value: unknown, order: number): unknown {
  if (Array.isArray(value)) return value.map((each) => inOrder(each, order))
  if (typeof value !== 'object' || value === null) return value
  const rank = (key: string) => [...key].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % order, 7)
  const keys = Object.keys(value).sort((a, b) => rank(a) - rank(b))
  return Object.fromEntries(keys.map((key) => [key, inOrder((value as Record<string, unknown>)[key], order)]))
}
