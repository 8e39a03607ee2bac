import { type Document, DocumentList } from '@adp/contract/document.ts'
import { PageMatches, SearchResults } from '@adp/contract/search.ts'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { useApi } from '../../test/api.ts'
import { emptyTables } from '../../test/jobs.ts'
import { upload } from '../../test/run-start.ts'
import * as queue from '../queue/job-queue.ts'
import * as liveness from '../queue/liveness.ts'

const api = useApi()
const PDF = Buffer.from('%PDF-1.7 not much of one')

beforeEach(async () => {
  await emptyTables(api.pool)
})

/** A word for each piece between spaces, in a box whose left edge is its offset. */
function pageOf(pageNumber: number, content: string) {
  const words = [...content.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    content: word,
    polygon: [index, 0, index + 1, 0, index + 1, 1, index, 1],
    span: { offset: index, length: word.length },
    confidence: 1,
  }))
  return { content, page: { pageNumber, width: 8.5, height: 11, unit: 'inch' as const, words, spans: [] } }
}

/** Does a worker's part for the job that is due. */
async function complete(pages: string[]): Promise<void> {
  const id = await liveness.registerWorker(api.pool, { name: 'test worker', version: '1', slots: 1 })
  const [job] = await queue.claim(api.pool, { id }, 1)
  if (!job) throw new Error('no job is due')
  await queue.recordPagesTotal(api.pool, job, pages.length, 'local')
  for (const [n, content] of pages.entries()) await queue.storePage(api.pool, job, pageOf(n + 1, content))
  if (!(await queue.complete(api.pool, job))) throw new Error('the claim is stale')
}

async function add(name: string, pages: string[]): Promise<Document> {
  const [document] = await upload(api.url, { [name]: PDF })
  await complete(pages)
  return document as Document
}

async function search(q: string, more: Record<string, string> = {}): Promise<SearchResults> {
  const response = await fetch(`${api.url}/search?${new URLSearchParams({ q, ...more })}`)
  expect(response.status, q).toBe(200)
  return SearchResults.parse(await response.json())
}

const namesOf = ({ hits }: SearchResults) => hits.map(({ document }) => document.filename).sort()
const markedBy = async (q: string) => (await search(q)).hits.map(({ matches }) => matches.map(({ content }) => content))

test('words are found in any form, case and accent, in English and in Portuguese', async () => {
  await add('en.pdf', ['The invoices were paid in full. INVOICE No. INV-2024/17, office'])
  await add('pt.pdf', ['As informações da FATURA estão em anexo: R$ 1.234,56'])
  for (const [q, name] of [
    ['invoice', 'en.pdf'],
    ['PAID invoices', 'en.pdf'],
    ['inv-2024/17', 'en.pdf'],
    ['2024 17', 'en.pdf'],
    ['the invoice', 'en.pdf'],
    ['oﬃce', 'en.pdf'],
    ['informação', 'pt.pdf'],
    ['INFORMACOES', 'pt.pdf'],
    ['faturas', 'pt.pdf'],
    ['1.234,56', 'pt.pdf'],
    ['"em anexo"', 'pt.pdf'],
  ] as const)
    expect(namesOf(await search(q)), q).toEqual([name])
  for (const q of ['faktura', 'invoice fatura', '"paid invoices"', '56.1'])
    expect(namesOf(await search(q)), q).toEqual([])
})

test('phrases, exclusions and alternatives', async () => {
  await add('a.pdf', ['red apples and green pears'])
  await add('b.pdf', ['green apples and red pears'])
  await add('c.pdf', ['yellow bananas'])
  expect(namesOf(await search('"green apples"'))).toEqual(['b.pdf'])
  expect(namesOf(await search('apples -"green apples"'))).toEqual(['a.pdf'])
  expect(namesOf(await search('bananas OR "green pears"'))).toEqual(['a.pdf', 'c.pdf'])
  // Only what is written is left out, not each form of it.
  expect(namesOf(await search('pears -apple'))).toEqual(['a.pdf', 'b.pdf'])
  expect(namesOf(await search('-yellow'))).toEqual([])
})

test('a hit says where: in a snippet, in the text of the page, and in which words on it', async () => {
  const before = 'nothing here '.repeat(40)
  const document = await add('a.pdf', ['another page', `${before}total\namount (total) due ${'and so on '.repeat(40)}`])
  const { hits, next_cursor, is_capped } = await search('"total amount" totals')
  expect({ next_cursor, is_capped, count: hits.length }).toEqual({ next_cursor: null, is_capped: false, count: 1 })
  const hit = hits[0] as SearchResults['hits'][number]
  expect(hit).toMatchObject({
    document: { id: document.id, filename: 'a.pdf' },
    page_number: 2,
    width: 8.5,
    height: 11,
    unit: 'inch',
    matches: [
      { content: 'total\namount', span: { offset: before.length, length: 12 } },
      { content: 'total', span: { offset: before.length + 14, length: 5 } },
    ],
    snippet: { starts_inside: true, ends_inside: true },
  })
  // The word in brackets is one word on the page, and the phrase is two.
  expect(hit.matches.map(({ polygons }) => polygons.map(([left]) => left))).toEqual([
    [before.length, before.length + 6],
    [before.length + 13],
  ])
  const { text, matches } = hit.snippet
  expect(text.length).toBeLessThan(300)
  expect(matches.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual(['total amount', 'total'])
})

test('what is marked is what was found: stems, phrases with stop words, no stop words alone', async () => {
  await add('a.pdf', ['Terms of payment: the payments are due. Informações e informação.'])
  expect(await markedBy('"terms of payment"')).toEqual([['Terms of payment']])
  expect(await markedBy('the payment')).toEqual([['payment', 'payments']])
  expect(await markedBy('informacoes')).toEqual([['Informações']])
  expect(await markedBy('informação')).toEqual([['Informações', 'informação']])
  expect(await markedBy('the')).toEqual([['the']])
})

test('only the newest result of a document is found, none that is not COMPLETED, and none of a document that was deleted', async () => {
  const { id } = await add('a.pdf', ['walrus'])
  await add('b.pdf', ['walrus'])
  await fetch(`${api.url}/documents/${id}/reprocess`, { method: 'POST' })
  expect(namesOf(await search('walrus'))).toEqual(['a.pdf', 'b.pdf'])
  const worker = await liveness.registerWorker(api.pool, { name: 'host/1', version: '1', slots: 1 })
  const [job] = await queue.claim(api.pool, { id: worker }, 1)
  if (!job) throw new Error('no job is due')
  await queue.recordPagesTotal(api.pool, job, 1, 'local')
  await queue.storePage(api.pool, job, pageOf(1, 'penguin'))
  expect(namesOf(await search('penguin'))).toEqual([])
  await queue.complete(api.pool, job)
  expect(namesOf(await search('penguin'))).toEqual(['a.pdf'])
  expect(namesOf(await search('walrus'))).toEqual(['b.pdf'])
  // The tombstone is enough: the rows go after the bytes.
  await api.pool.query('UPDATE documents SET deleted_at = now() WHERE id = $1', [id])
  expect(namesOf(await search('penguin'))).toEqual([])
})

test('the best are first, and pages of an answer follow each other without a gap', async () => {
  const pages = Array.from({ length: 7 }, (_, n) => `${'zebra '.repeat(n + 1)}${'horse '.repeat(10)}`)
  const { id } = await add('a.pdf', pages)
  await add('b.pdf', ['zebra'])
  const all: number[] = []
  let cursor: string | null = null
  do {
    const answer: SearchResults = await search('zebra', { limit: '3', document_id: id, ...(cursor && { cursor }) })
    all.push(...answer.hits.map(({ page_number }) => page_number))
    cursor = answer.next_cursor
  } while (cursor !== null)
  expect(all).toEqual([7, 6, 5, 4, 3, 2, 1])
})

test('more pages than are ranked are told of', async () => {
  await add(
    'a.pdf',
    Array.from({ length: 500 }, () => 'everywhere'),
  )
  expect((await search('everywhere')).is_capped).toBe(false)
  await add('b.pdf', ['everywhere'])
  const { is_capped, hits } = await search('everywhere', { limit: '1' })
  expect([is_capped, hits.length]).toEqual([true, 1])
})

test('a page tells where the words of a query stand on it', async () => {
  const { id } = await add('a.pdf', ['one two three'])
  const matches = async (path: string) => fetch(`${api.url}/documents/${id}/pages/${path}`)
  const found = PageMatches.parse(await (await matches('1/matches?q=two+seven')).json())
  expect(found.matches).toEqual([
    { content: 'two', span: { offset: 4, length: 3 }, polygons: [[4, 0, 5, 0, 5, 1, 4, 1]] },
  ])
  expect(await (await matches('2/matches?q=two')).json()).toMatchObject({ code: 'page_not_found' })
  expect(await (await matches('1/matches')).json()).toMatchObject({ code: 'invalid_request' })
})

test('whatever is asked, the answer is none of a server that failed', async () => {
  await add('a.pdf', ["It's 5 o'clock: don't (or do) \\ & | ! <-> :* panic 𝒳 ﷺ"])
  const operators = fc.constantFrom(
    '"',
    '-',
    ' or ',
    '(',
    ')',
    '&',
    '|',
    '!',
    ':*',
    '<->',
    "'",
    '\\',
    '%',
    'it',
    '5',
    'ﷺ',
    '\u0301',
  )
  const query = fc.array(fc.oneof(operators, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(query, async (parts) => {
      const q = parts.join('').toWellFormed().slice(0, 200).toWellFormed()
      const response = await fetch(`${api.url}/search?${new URLSearchParams({ q })}`)
      expect([200, 400]).toContain(response.status)
    }),
    { numRuns: 300 },
  )
  const refused = [
    `q=${'x'.repeat(201)}`,
    'q=',
    'q=%00',
    '',
    'q=a&limit=0',
    'q=a&cursor=x',
    'q=a&cursor=WzFlOTk5LDEsMV0',
    'q=a&document_id=7',
  ]
  for (const query of refused)
    expect(await (await fetch(`${api.url}/search?${query}`)).json(), query).toMatchObject({ code: 'invalid_request' })
})

test('a page of any size is stored and found by what stands at its beginning', async () => {
  // As many different words of as many bytes as fit: what would make the largest index entry there can be.
  const letters = Array.from({ length: 150_000 }, (_, n) => String.fromCodePoint(0x20000 + n))
  await add('large.pdf', [`beginning ${letters.join(' ')}`, `${'ﷺ'.repeat(90_000)} end`])
  expect(namesOf(await search('beginning'))).toEqual(['large.pdf'])
})

test('documents are found by a part of their names, in any case and accent', async () => {
  await add('Relatório de Março 100%.pdf', ['x'])
  await add('other_1.pdf', ['x'])
  const listed = async (filename: string) => {
    const response = await fetch(`${api.url}/documents?${new URLSearchParams({ filename })}`)
    return DocumentList.parse(await response.json()).documents.map((document) => document.filename)
  }
  for (const part of ['relatorio', 'RIO DE', 'março', 'marco', '0%']) expect(await listed(part)).toHaveLength(1)
  expect(await listed('r_1')).toEqual(['other_1.pdf'])
  for (const part of ['re%io', 'r_o', '\\']) expect(await listed(part)).toEqual([])
})
