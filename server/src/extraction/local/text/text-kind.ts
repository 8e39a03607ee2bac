import { findDelimiter } from './csv-dialect.ts'
import { decodeText, detectEncoding } from './encoding.ts'
import { isMail } from './mail-head.ts'

export type TextType = 'message/rfc822' | 'text/plain' | 'text/markdown' | 'text/csv' | 'text/html'

/** Tabs, line feeds, form feeds, and the next line of old systems. Everything else below a blank is no text. */
const NO_TEXT = /[^\P{Cc}\t\n\r\f\x85]|\ufffd/u

const LETTER = /[\p{L}\p{N}]/u

/** In a text of a Western language, few bytes are above 127; among random ones, half. */
const MOST_HIGH = 0.4

/** A page begins with its type or with one of these; comments and declarations may come before. */
const HTML =
  /^\s*(<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*<(!doctype\s+html|(html|head|body|title|meta|table|div|p|h[1-6]|ul|ol|section|article|main)\b)/i

const isHigh = (byte: number): boolean => byte > 127

/** Bytes that are no UTF-8 are believed to be a text of Windows only where they are mostly not accents. */
const isLikely = (head: Buffer, encoding: string): boolean =>
  encoding !== 'windows-1252' || head.filter(isHigh).length <= MOST_HIGH * head.length

const HEADING = /^#{1,6} \S.*$/
const FENCE = /^ {0,3}(```|~~~)/
const TABLE_RULE = /^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-+:?\s*)+\|?\s*$/
const LINK = /(^|[^!\w])!?\[[^\]\n]+\]\([^)\s]+\)/

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === ''

/** Headings stand alone, which comments of scripts and settings do not. */
const isHeading = (line: string, at: number, lines: string[]): boolean =>
  HEADING.test(line) && isBlank(lines[at - 1]) && isBlank(lines[at + 1])

const isMarkdown = (lines: string[]): boolean =>
  lines.some(isHeading) ||
  lines.some((line, at) => TABLE_RULE.test(line) && lines[at - 1]?.includes('|')) ||
  lines.filter((line) => FENCE.test(line)).length >= 2 ||
  lines.filter((line) => LINK.test(line)).length >= 2

/**
 * Which kind of text a file is, by its first bytes; null when it is none.
 * @param isWhole whether these are all there are; else the last line may be cut off
 */
export const textKind = (head: Buffer, isWhole: boolean): TextType | null => {
  const encoding = detectEncoding(head)
  const decoded = decodeText(head, encoding)
  // Of a character that is cut off at the end, U+FFFD is left.
  const text = isWhole ? decoded : decoded.replace(/\ufffd+$/, '')
  if (NO_TEXT.test(text) || !LETTER.test(text) || !isLikely(head, encoding)) return null
  if (HTML.test(text)) return 'text/html'
  const lines = text.split(/\r\n?|\n/)
  const complete = isWhole ? lines : lines.slice(0, -1)
  if (isMail(complete)) return 'message/rfc822'
  if (isMarkdown(complete)) return 'text/markdown'
  return findDelimiter(complete.join('\n')) === null ? 'text/plain' : 'text/csv'
}
