import { readFile } from 'node:fs/promises'
import iconv from 'iconv-lite'
import { marked } from 'marked'
import { parse } from 'parse5'
import type { FlowSource, OpenFlow } from '../flow/read-flow.ts'
import { decodeText, detectEncoding } from '../text/encoding.ts'
import { htmlBlocks } from './html-blocks.ts'

/** Where a page declares its encoding (HTML, 13.2.3.2). */
const DECLARED = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i
const DECLARATION_BYTES = 1024

/** What a page says of itself counts for less than a mark or than being UTF-8, and for more than a guess. */
const encodingOf = (bytes: Buffer): string => {
  const found = detectEncoding(bytes)
  const declared = DECLARED.exec(bytes.toString('latin1', 0, DECLARATION_BYTES))?.[1]
  return found.startsWith('utf') || !declared || !iconv.encodingExists(declared) ? found : declared
}

/** A page of HTML as text, in whatever encoding it is. */
export const decodeHtml = (bytes: Buffer): string => decodeText(bytes, encodingOf(bytes))

const sourceOf = (html: string): FlowSource => {
  const document = parse(html)
  return { blocks: () => htmlBlocks(document) }
}

/** Opens a page of HTML. */
export const openHtml: OpenFlow = async ({ request }) => sourceOf(decodeHtml(await readFile(request.path)))

/** Opens a Markdown file, of GitHub's kind, by way of what it looks like as HTML. */
export const openMarkdown: OpenFlow = async ({ request }) =>
  sourceOf(await marked.parse(decodeText(await readFile(request.path)), { async: true, gfm: true }))
