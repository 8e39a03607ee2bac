import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import fc from 'fast-check'
import pino from 'pino'
import { expect, test } from 'vitest'
import { drawnPdf } from '../../../test/drawn-pdf.ts'
import { useScratch } from '../../../test/scratch.ts'
import type { ExtractedPage } from '../extractor.ts'
import { createLocalExtractor } from '../local/local-extractor.ts'
import { toMarkdownPage } from './markdown-page.ts'

const scratch = useScratch()

/** What a reader of Markdown makes of a piece of it. */
const unescaped = (markdown: string) =>
  markdown
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#45;', '-')

/** A page of lines, of which each is a paragraph of a role or of none, or none at all. */
const someLines = fc.array(
  fc.record({
    role: fc.constantFrom('title', 'sectionHeading', 'pageHeader', 'footnote', undefined, null),
    words: fc.array(fc.string({ unit: fc.constantFrom(...'aZ9-#*_<>&|.1)`~[]"'), minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  { minLength: 1, maxLength: 6 },
)

test('each word is where its span says, whatever it is part of', () => {
  fc.assert(
    fc.property(someLines, (lines) => {
      let content = ''
      const words: NonNullable<ExtractedPage['page']['words']> = []
      const paragraphs: NonNullable<NonNullable<ExtractedPage['parts']>['paragraphs']> = []
      for (const { role, words: texts } of lines) {
        if (content !== '') content += '\n'
        const text = texts.join(' ')
        const spans = [{ offset: content.length, length: text.length }]
        if (role !== null) paragraphs.push({ ...(role && { role }), content: text, spans })
        for (const word of texts) {
          words.push({ content: word, span: { offset: content.length, length: word.length }, confidence: 1 })
          content += `${word} `
        }
        content = content.trimEnd()
      }
      const spans = [{ offset: 0, length: content.length }]
      const read = toMarkdownPage({ content, page: { pageNumber: 1, words, spans }, parts: { paragraphs } })
      expect(read.page.spans).toEqual([{ offset: 0, length: read.content.length }])
      for (const { content: word, span } of read.page.words ?? [])
        expect(unescaped(read.content.slice(span.offset, span.offset + span.length))).toBe(word)
    }),
    { numRuns: 500 },
  )
})

test('the local engine gives Markdown to whoever asks for it', async () => {
  const pdf = await drawnPdf((drawing) => {
    drawing.text('Report', 60, 100, { size: 24, bold: true })
    for (let line = 0; line < 6; line += 1) drawing.text(`* line ${line} of the text of this page`, 60, 160 + line * 14)
  })
  const file = join(scratch.folder, 'document.pdf')
  await writeFile(file, pdf)
  const limits = {
    memoryBytes: 2 ** 30,
    pageTimeoutMs: 60_000,
    parseTimeoutMs: 60_000,
    totalTimeoutMs: 90_000,
    maxPages: 9,
  }
  const extractor = createLocalExtractor({
    ...limits,
    maxChildren: 1,
    languages: ['eng'],
    log: pino({ level: 'silent' }),
  })
  const pages: ExtractedPage[] = []
  const headers: ResultHeader[] = []
  await extractor.begin(
    {
      path: file,
      contentType: 'application/pdf',
      pagesDone: new Set(),
      options: { model: 'prebuilt-layout', output_format: 'markdown' },
    },
    {
      onOpened: async () => {},
      onPage: async (page) => void pages.push(page),
      onHeader: async (header) => void headers.push(header),
    },
    new AbortController().signal,
  )
  await extractor.close()
  expect(headers).toMatchObject([{ modelId: 'prebuilt-layout', contentFormat: 'markdown' }])
  expect(pages[0]?.content).toMatch(/^# Report\n\n\\\* line 0/)
  const { page, content = '' } = pages[0] ?? {}
  const shown = page?.words?.map(({ span }) => unescaped(content.slice(span.offset, span.offset + span.length)))
  expect(shown).toEqual(page?.words?.map((word) => word.content))
  expect(shown?.length).toBeGreaterThan(40)
})
