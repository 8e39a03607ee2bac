import type { Page } from '@adp/contract/analyze-result.ts'
import type { Span } from '@adp/contract/geometry.ts'
import type { TableCell } from '@adp/contract/result-tables.ts'
import fc from 'fast-check'
import { marked, type Token, type Tokens } from 'marked'
import { expect, test } from 'vitest'
import { composeMarkdown } from './compose-markdown.ts'

type Said = { role?: string; text: string }

/** A page of paragraphs, a line break apart. */
const pageOf = (said: Said[], more: Partial<Page> = {}) => {
  let content = ''
  const paragraphs = said.map(({ role, text }) => {
    if (content !== '') content += '\n'
    const spans: Span[] = [{ offset: content.length, length: text.length }]
    content += text
    return { ...(role && { role }), content: text, spans }
  })
  const page: Page = { pageNumber: 1, spans: [{ offset: 0, length: content.length }], ...more }
  return { content, page, parts: { paragraphs } }
}

const markdownOf = (said: Said[]) => composeMarkdown(pageOf(said)).text

/** What a reader of Markdown shows of a token: its text without any markup. */
const shown = (token: Token): string =>
  token.type === 'br'
    ? '\n'
    : 'tokens' in token && token.tokens
      ? token.tokens.map(shown).join('')
      : token.type === 'escape' || token.type === 'text'
        ? (token as Tokens.Text).text
        : `«${token.type} ${token.raw}»`

test('roles become headings and comments, as Azure writes them', () => {
  expect(
    markdownOf([
      { role: 'pageHeader', text: 'Contoso -- "internal"' },
      { role: 'title', text: 'Annual\nreport' },
      { role: 'sectionHeading', text: '1. Sales' },
      { text: 'They rose.' },
      { role: 'footnote', text: '1 By a third.' },
      { role: 'pageFooter', text: 'Page' },
      { role: 'pageNumber', text: '7' },
    ]),
  ).toBe(
    [
      '<!-- PageHeader="Contoso &#45;- &quot;internal&quot;" -->',
      '# Annual report',
      '## 1\\. Sales',
      'They rose.',
      '1 By a third.',
      '<!-- PageFooter="Page" -->',
      '<!-- PageNumber="7" -->',
    ].join('\n\n'),
  )
})

test('what is listed is a list, however it is marked', () => {
  const text = markdownOf([
    { text: 'Take' },
    { text: '• tea' },
    { text: '– milk' },
    { text: 'then' },
    { text: '3) stir' },
  ])
  expect(text).toBe('Take\n\n- tea\n- milk\n\nthen\n\n3) stir')
  expect(marked.lexer(text).map((token) => token.type)).toEqual([
    'paragraph', 'space', 'list', 'space', 'paragraph', 'space', 'list',
  ]) // biome-ignore format: one line
})

test('what is listed may begin with anything', () => {
  const said = [
    '# one',
    '- one',
    '1. one',
    '> one',
    '---',
    '===',
    '    one',
    '\tone',
    '|-|',
    '```',
    '[ ] one',
    '+ one\n# two',
  ]
  for (const text of said)
    for (const mark of ['•', '-', '12.', '3)']) {
      const [first, ...others] = marked.lexer(markdownOf([{ text: `${mark} ${text}` }]))
      const list = first as Tokens.List
      expect([list.type, others, list.items.map(({ task }) => task)], text).toEqual(['list', [], [false]])
      expect(
        list.items[0]?.tokens.map(({ type }) => type),
        text,
      ).toEqual(['text'])
      expect(list.items[0]?.tokens.map(shown).join(''), text).toBe(text.trim())
    }
})

test('whatever a paragraph says, Markdown shows that and nothing else', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'\\`*_{}[]()#+-.!|<>~&=:/ \n'.split(''),
      '1. ',
      '- ',
      '&amp;',
      '&#35;',
      '<b>',
      '```',
      '---',
      '===',
      '![a](b)',
    ),
    fc.constantFrom('word', 'é', '😀', '7'),
  )
  const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map(
    (pieces) =>
      `x${pieces
        .join('')
        .replace(/\s*\n\s*/g, '\n')
        .trimEnd()}`,
  )
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (texts) => {
      const tokens = marked.lexer(markdownOf(texts.map((each) => ({ text: each }))))
      const paragraphs = tokens.filter(({ type }) => type !== 'space')
      expect(paragraphs.map(({ type }) => type)).toEqual(texts.map(() => 'paragraph'))
      const clean = (each: string) => each.replace(/[ \t]+$/gm, '')
      expect(paragraphs.map((token) => clean(shown(token)))).toEqual(texts.map(clean))
    }),
    { numRuns: 2000 },
  )
})

test('a line may begin with anything', () => {
  for (const line of [
    '# no',
    '1. no',
    '12) no',
    '- no',
    '+ no',
    '> no',
    '---',
    '===',
    '    code',
    '|-|',
    '~~~',
    '***',
    '***no',
  ]) {
    const tokens = marked.lexer(markdownOf([{ role: 'footnote', text: `text\n${line}` }]))
    expect(
      tokens.map(({ type }) => type),
      line,
    ).toEqual(['paragraph'])
    expect(shown(tokens[0] as Token)).toBe(`text\n${line.trim()}`)
  }
})

const cell = (
  rowIndex: number,
  columnIndex: number,
  content: string,
  offset: number,
  more: Partial<TableCell> = {},
) => ({
  ...{ rowIndex, columnIndex, content, spans: content === '' ? [] : [{ offset, length: content.length }] },
  ...more,
})

const tablePage = () => {
  const content = 'Before\nDrinks\nName\tPrice\nTea <hot>\t1\n2\nMilk\nAfter :selected:'
  const at = (text: string) => content.indexOf(text)
  const cells = [
    cell(0, 0, 'Name', at('Name'), { kind: 'columnHeader' }),
    cell(0, 1, 'Price', at('Price'), { kind: 'columnHeader', columnSpan: 2 }),
    cell(1, 0, 'Tea <hot>', at('Tea'), { kind: 'rowHeader', rowSpan: 2 }),
    cell(1, 1, '1\n2', at('1\n2')),
    cell(2, 2, 'Milk', at('Milk')),
  ]
  const caption = { content: 'Drinks', spans: [{ offset: at('Drinks'), length: 6 }] }
  const paragraphs = ['Before', 'Drinks', 'Tea <hot>', 'After :selected:'].map((text) => ({
    content: text,
    spans: [{ offset: at(text), length: text.length }],
  }))
  const mark = { state: 'selected', span: { offset: at(':selected:'), length: 10 }, confidence: 1 }
  const words = [...content.matchAll(/[^\s]+/g)].map(({ 0: text, index }) => ({
    ...{ content: text, span: { offset: index, length: text.length }, confidence: 1 },
  }))
  const page: Page = { pageNumber: 1, spans: [{ offset: 0, length: content.length }], words, selectionMarks: [mark] }
  const spans = [{ offset: at('Name'), length: at('\nAfter') - at('Name') }]
  return { content, page, parts: { paragraphs, tables: [{ rowCount: 3, columnCount: 3, cells, caption, spans }] } }
}

test('a table is HTML with its spans, headers and caption; nothing of it is said again as a paragraph', () => {
  expect(composeMarkdown(tablePage()).text).toBe(
    [
      'Before\n',
      '<table>',
      '<caption>Drinks</caption>',
      '<tr>\n<th>Name</th>\n<th colspan="2">Price</th>\n</tr>',
      '<tr>\n<th rowspan="2">Tea &lt;hot&gt;</th>\n<td>1<br>2</td>\n<td></td>\n</tr>',
      '<tr>\n<td></td>\n<td>Milk</td>\n</tr>',
      '</table>\n',
      'After ☒',
    ].join('\n'),
  )
})

test('spans are moved to where their text is in the Markdown', () => {
  const { page } = tablePage()
  const { text, move } = composeMarkdown(tablePage())
  const found = (page.words ?? []).map(({ span }) => {
    const moved = move(span)
    expect(moved).toHaveLength(1)
    return text.slice(moved[0]?.offset, (moved[0]?.offset ?? 0) + (moved[0]?.length ?? 0))
  })
  expect(found).toEqual(['Before', 'Drinks', 'Name', 'Price', 'Tea', '&lt;hot&gt;', '1', '2', 'Milk', 'After', '☒'])
  // A line that runs over two cells is in two pieces.
  expect(move({ offset: 14, length: 10 }).map(({ offset, length }) => text.slice(offset, offset + length))).toEqual([
    'Name',
    'Price',
  ])
})

test('text that nothing says anything about stays, line for line; a table without places comes last', () => {
  const content = '  1. one\n\n# two  \nthree'
  const page: Page = { pageNumber: 1, spans: [{ offset: 0, length: content.length }] }
  const table = { rowCount: 1, columnCount: 1, cells: [cell(0, 0, '', 0, { content: 'cell' })], spans: [] }
  const { text } = composeMarkdown({ content, page, parts: { tables: [table] } })
  expect(text).toBe('1\\. one\n\n\\# two\nthree\n\n<table>\n<tr>\n<td>cell</td>\n</tr>\n</table>')
})

test('a figure has its caption, and its text', () => {
  const said = pageOf([{ text: 'Sales' }, { text: 'Figure 1' }, { text: 'more' }])
  const figures = [
    { spans: [{ offset: 0, length: 14 }], caption: { content: 'Figure 1', spans: [{ offset: 6, length: 8 }] } },
  ]
  const { text } = composeMarkdown({ ...said, parts: { ...said.parts, figures } })
  expect(text).toBe('<figure>\n<figcaption>Figure 1</figcaption>\n\nSales\n\n</figure>\n\nmore')
})

test('a formula stays one, wherever it stands: nothing of it is a tag, a line or the end of a comment', () => {
  const said = pageOf([{ role: 'pageHeader', text: ':formula:' }, { text: 'If :formula:' }, { text: ':formula:' }])
  const values = ['a --> b', '<img src=x onerror=alert(1)>', 'x \\> y \\\\< z \n\n# \\alpha_1 \\left< q \\right>']
  const offsets = [...said.content.matchAll(/:formula:/g)].map(({ index }) => index)
  const formulas = values.map((value, at) => {
    const span = { offset: offsets[at] as number, length: 9 }
    return { kind: 'inline' as const, value, confidence: 1, span }
  })
  const page = { ...said.page, formulas }
  const table = { rowCount: 1, columnCount: 1, cells: [cell(0, 0, ':formula:', offsets[2] as number)], spans: [] }
  const { text } = composeMarkdown({ ...said, page, parts: { ...said.parts, tables: [table] } })
  expect(text).toBe(
    [
      '<!-- PageHeader="$a --\\gt  b$" -->',
      'If $\\lt img src=x onerror=alert(1)\\gt $',
      '<table>\n<tr>\n<td>$x \\: y \\\\\\lt  z # \\alpha_1 \\left\\lt  q \\right\\gt $</td>\n</tr>\n</table>',
    ].join('\n\n'),
  )
  expect(marked.lexer(text).flatMap(({ type }) => (type === 'space' ? [] : [type]))).toEqual([
    'html', 'paragraph', 'html',
  ]) // biome-ignore format: one line
})
