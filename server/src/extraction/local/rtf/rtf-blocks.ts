import iconv from 'iconv-lite'
import { type Block, paragraph, type Role } from '../flow/blocks.ts'
import { CHARACTERS, CODE_PAGES, READ_ALL_THE_SAME, UNREAD } from './rtf-fonts.ts'
import { type RtfRow, rtfTable } from './rtf-rows.ts'
import { type RtfToken, rtfTokens } from './rtf-tokens.ts'

/** What a group inherits from the one around it. */
type Group = {
  isUnread: boolean
  /** The next word names the group's kind, which a program that does not know it skips. */
  isOptional: boolean
  font: number
  /** Characters after a `\u` that stand for it in programs without Unicode. */
  fallback: number
  part: Role | undefined
  /** Marked as deleted, or not to be shown. */
  isHidden: boolean
}

type Parser = {
  group: Group
  outer: Group[]
  codePage: string
  charsets: Map<number, number>
  /** Which styles are headings, by number. */
  styles: Map<number, Role>
  /** In `stylesheet`, or in `fonttbl`. */
  table: 'styles' | 'fonts' | null
  tableDepth: number
  entry: number
  entryName: string
  text: string
  bytes: number[]
  toSkip: number
  role: Role | undefined
  isCell: boolean
  row: RtfRow
  rows: RtfRow[]
  /** What the paragraph had before the note that is being read. */
  held: Pick<Parser, 'text' | 'isCell' | 'role'> | null
  /** They stand where the text ends. */
  notes: Block[]
}

const NEW_ROW = (): RtfRow => ({ left: 0, definitions: [], texts: [] })

/** Groups that end here pass on to the text what was read in them. */
const decodeBytes = (parser: Parser) => {
  if (parser.bytes.length === 0) return
  const charset = parser.charsets.get(parser.group.font)
  const encoding = (charset === undefined ? undefined : CODE_PAGES[charset]) ?? parser.codePage
  parser.text += iconv.decode(Buffer.from(parser.bytes), encoding)
  parser.bytes = []
}

const takeText = (parser: Parser): string => {
  decodeBytes(parser)
  const { text } = parser
  parser.text = ''
  return text
}

function* closeTable(parser: Parser): Generator<Block> {
  if (parser.rows.length > 0) yield rtfTable(parser.rows)
  parser.rows = []
}

function* closeParagraph(parser: Parser): Generator<Block> {
  if (parser.isCell && !parser.group.part) {
    decodeBytes(parser)
    parser.text += '\n'
    return
  }
  const text = takeText(parser).trim()
  if (text === '') return
  const { part } = parser.group
  if (part === 'footnote') {
    parser.notes.push(paragraph(text, part))
    return
  }
  if (!part) yield* closeTable(parser)
  yield paragraph(text, part ?? parser.role)
}

/** A note is written in the middle of the paragraph that refers to it. */
const beginNote = (parser: Parser) => {
  decodeBytes(parser)
  const { text, isCell, role } = parser
  parser.held ??= { text, isCell, role }
  parser.text = ''
}

const endNote = (parser: Parser) => {
  Object.assign(parser, parser.held)
  parser.held = null
}

const roleOfStyle = (name: string): Role | undefined => {
  if (/^\s*title\s*;/i.test(name)) return 'title'
  return /^\s*heading \d/i.test(name) ? 'sectionHeading' : undefined
}

const endEntry = (parser: Parser) => {
  const role = roleOfStyle(parser.entryName)
  if (parser.table === 'styles' && role) parser.styles.set(parser.entry, role)
  parser.entryName = ''
}

const PARTS: Record<string, Role> = {
  header: 'pageHeader',
  headerl: 'pageHeader',
  headerr: 'pageHeader',
  headerf: 'pageHeader',
  footer: 'pageFooter',
  footerl: 'pageFooter',
  footerr: 'pageFooter',
  footerf: 'pageFooter',
  footnote: 'footnote',
}

type Word = Extract<RtfToken, { kind: 'word' }>

const defineCell = (parser: Parser, { name, value }: Word) => {
  const { definitions } = parser.row
  const open = definitions.at(-1)
  const definition = open && open.right === 0 ? open : { right: 0, joinsLeft: false, joinsAbove: false }
  if (definition !== open) definitions.push(definition)
  if (name === 'cellx') definition.right = Math.max(1, value ?? 0)
  else if (name === 'clmrg') definition.joinsLeft = true
  else if (name === 'clvmrg') definition.joinsAbove = true
}

const endRow = (parser: Parser) => {
  if (parser.row.texts.length > 0) parser.rows.push(parser.row)
  // The definition holds until the next one.
  parser.row = { ...parser.row, texts: [] }
}

/** Words that say where text belongs. */
function* structure(parser: Parser, word: Word): Generator<Block> {
  const { name, value } = word
  if (name === 'par' || name === 'sect') yield* closeParagraph(parser)
  else if (name === 'page') {
    yield* closeParagraph(parser)
    if (!parser.isCell) yield { kind: 'pageBreak' }
  } else if (name === 'pard') [parser.isCell, parser.role] = [false, undefined]
  else if (name === 'intbl') parser.isCell = true
  else if (name === 's') parser.role = parser.styles.get(value ?? 0)
  else if (name === 'outlinelevel' && (value ?? 9) < 9) parser.role = 'sectionHeading'
  else if (name === 'trowd') parser.row = NEW_ROW()
  else if (name === 'trleft') parser.row.left = value ?? 0
  else if (['cellx', 'clmrg', 'clvmrg'].includes(name)) defineCell(parser, word)
  else if (name === 'cell' || name === 'nestcell') parser.row.texts.push(takeText(parser).trim())
  else if (name === 'row') endRow(parser)
}

const startTable = (parser: Parser, table: Parser['table']) => {
  parser.table = table
  parser.tableDepth = parser.outer.length
}

/** Words that change how others are read. */
const settings = (parser: Parser, { name, value }: Word) => {
  const { group } = parser
  if (name === '*') group.isOptional = true
  else if (name === 'fonttbl') startTable(parser, 'fonts')
  else if (name === 'stylesheet') startTable(parser, 'styles')
  else if (name === 'uc') group.fallback = value ?? 1
  else if (name === 'ansicpg' && iconv.encodingExists(`windows-${value}`)) parser.codePage = `windows-${value}`
  else if (name === 'mac') parser.codePage = 'macintosh'
  else if (parser.table === 'fonts' && name === 'f') parser.entry = value ?? 0
  else if (parser.table === 'fonts' && name === 'fcharset') parser.charsets.set(parser.entry, value ?? 0)
  else if (parser.table === 'styles' && name === 's') parser.entry = value ?? 0
  else if (name === 'f' || name === 'plain') {
    decodeBytes(parser)
    group.font = value ?? -1
    if (name === 'plain') group.isHidden = false
  } else if (name === 'deleted' || name === 'v') {
    decodeBytes(parser)
    group.isHidden = value !== 0
  }
  if (UNREAD.has(name) || (group.isOptional && name !== '*' && !READ_ALL_THE_SAME.has(name))) group.isUnread = true
  if (name !== '*') group.isOptional = false
  if (name === 'footnote' && group.part !== 'footnote') beginNote(parser)
  group.part = PARTS[name] ?? group.part
}

function* readWord(parser: Parser, word: Word): Generator<Block> {
  parser.toSkip = 0
  settings(parser, word)
  if (parser.group.isUnread) return
  const { name, value } = word
  const character = name === 'u' ? String.fromCharCode((value ?? 0) & 0xffff) : CHARACTERS[name]
  if (character === undefined) return yield* structure(parser, word)
  decodeBytes(parser)
  if (!parser.group.isHidden) parser.text += character
  if (name === 'u') parser.toSkip = parser.group.fallback
}

const readBytes = (parser: Parser, bytes: Iterable<number>) => {
  for (const byte of bytes) {
    if (parser.toSkip > 0) parser.toSkip -= 1
    else if (parser.group.isHidden) continue
    else if (!parser.group.isUnread) parser.bytes.push(byte)
    else if (parser.table) parser.entryName += String.fromCharCode(byte)
  }
}

function* endGroup(parser: Parser): Generator<Block> {
  decodeBytes(parser)
  if (parser.table) endEntry(parser)
  const outer = parser.outer.pop()
  if (parser.table && parser.outer.length < parser.tableDepth) parser.table = null
  if (outer && parser.group.part !== outer.part) {
    yield* closeParagraph(parser)
    if (parser.group.part === 'footnote') endNote(parser)
  }
  parser.toSkip = 0
  parser.group = outer ?? parser.group
}

/** What a file of RTF says. @param source the file in latin1, a character for each byte */
export function* rtfBlocks(source: string): Generator<Block> {
  const group: Group = { isUnread: false, isOptional: false, font: -1, fallback: 1, part: undefined, isHidden: false }
  const parser: Parser = {
    ...{
      group,
      outer: [],
      codePage: 'windows-1252',
      charsets: new Map(),
      styles: new Map(),
      table: null,
      tableDepth: 0,
    },
    ...{
      entry: 0,
      entryName: '',
      text: '',
      bytes: [],
      toSkip: 0,
      role: undefined,
      isCell: false,
      row: NEW_ROW(),
      rows: [],
      held: null,
      notes: [],
    },
  }
  for (const token of rtfTokens(source)) {
    if (token.kind === 'open') {
      decodeBytes(parser)
      parser.outer.push(parser.group)
      parser.group = { ...parser.group, isOptional: false }
    } else if (token.kind === 'close') yield* endGroup(parser)
    else if (token.kind === 'word') yield* readWord(parser, token)
    else readBytes(parser, token.kind === 'byte' ? [token.byte] : token.bytes)
  }
  parser.isCell = false
  yield* closeParagraph(parser)
  yield* closeTable(parser)
  yield* parser.notes
}
