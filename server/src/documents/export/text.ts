import type { Pool } from '../../db/client.ts'
import { composeMarkdown, PAGE_BREAK } from '../../extraction/markdown/compose-markdown.ts'
import type { ResultJob } from '../read-documents.ts'
import { type StoredPage, streamPages } from '../read-result.ts'
import { withMarks } from './formats.ts'

const isMarkdown = (job: ResultJob): boolean => job.result_header?.contentFormat === 'markdown'

/** Azure has a break in the content of one of the pages that it parts. */
const withoutBreaks = (markdown: string): string => markdown.replaceAll(PAGE_BREAK, '').trim()

const markdownOf = ({ content, page, parts }: StoredPage): string =>
  composeMarkdown({ content, page, parts: parts ?? null }).text

/** A result as Markdown, page by page, in Azure's manner; what the provider has written as Markdown is taken as it is. */
export async function* streamMarkdown(pool: Pool, job: ResultJob): AsyncGenerator<string> {
  const asItIs = isMarkdown(job)
  for await (const page of streamPages(pool, job)) {
    if (page.page_number > 1) yield `\n${PAGE_BREAK}\n\n`
    const text = asItIs ? withoutBreaks(page.content) : markdownOf(page)
    if (text !== '') yield `${text}\n`
  }
}

/** The text of a page in its reading order. The lines have it without Markdown, where there are any. */
const textOf = ({ content, page }: StoredPage, isMarkup: boolean): string =>
  withMarks(isMarkup && page.lines?.length ? page.lines.map((line) => line.content).join('\n') : content)

/** A result as plain text: a form feed ends each page, as in `pdftotext`. */
export async function* streamText(pool: Pool, job: ResultJob): AsyncGenerator<string> {
  const isMarkup = isMarkdown(job)
  for await (const page of streamPages(pool, job)) yield `${textOf(page, isMarkup)}\n\f`
}
