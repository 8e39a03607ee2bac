import type { ContentType } from '@adp/contract/document.ts'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cellLines, paragraphLines } from '../../../../test/flow-pages.ts'
import { startLocalReading } from '../../../../test/local-reading.ts'

let reading: Awaited<ReturnType<typeof startLocalReading>>

beforeAll(async () => {
  reading = await startLocalReading({ maxPages: 20 })
})

afterAll(() => reading.close())

const read = (text: string | Buffer, type: ContentType) => reading.read(Buffer.from(text), type)

const only = async (text: string | Buffer, type: ContentType) => {
  const [page, ...others] = await read(text, type)
  expect(others).toEqual([])
  if (!page) throw new Error('No page')
  return page
}

/** Every span of paragraphs and cells is where its text is. */
const expectSpansToFit = ({ content, parts }: Awaited<ReturnType<typeof only>>) => {
  const cells = (parts?.tables ?? []).flatMap((table) => table.cells)
  for (const { content: text, spans } of [...(parts?.paragraphs ?? []), ...cells])
    expect(spans.map(({ offset, length }) => content.slice(offset, offset + length)).join('')).toBe(text)
}

const rows = (page: Awaited<ReturnType<typeof only>>, table = 0) =>
  (page.parts?.tables?.[table]?.cells ?? []).map(({ rowIndex, columnIndex, content, kind, rowSpan, columnSpan }) =>
    [`${rowIndex}/${columnIndex}`, content, kind, rowSpan && `${rowSpan} rows`, columnSpan && `${columnSpan} columns`]
      .filter((part) => part !== undefined)
      .join(' '),
  )

describe('plain text', () => {
  const text = 'A situação:\r\n  não é má\r\n\r\nOutro parágrafo, €'

  test.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])(
    'in %s: paragraphs with their lines',
    async (encoding) => {
      const addBOM = encoding.startsWith('utf-16')
      const page = await only(iconv.encode(text, encoding, { addBOM }), 'text/plain')
      expect(page.content).toBe('A situação:\n  não é má\n\nOutro parágrafo, €')
      expect(page.page).toEqual({ pageNumber: 1, spans: [{ offset: 0, length: page.content.length }] })
      expect(page.parts?.paragraphs?.map(({ content }) => content)).toEqual([
        'A situação:\n  não é má',
        'Outro parágrafo, €',
      ])
      expectSpansToFit(page)
    },
  )

  test('a form feed ends a page; pages that are done are not read again', async () => {
    const pages = await read('one\ftwo\fthree', 'text/plain')
    expect(pages.map(({ content }) => content)).toEqual(['one', 'two', 'three'])
    const again = await reading.read(Buffer.from('one\ftwo\fthree'), 'text/plain', new Set([1, 2]))
    expect(again.map(({ page }) => page.pageNumber)).toEqual([3])
  })

  test('a long one is cut into pages, between words, and nothing is lost', async () => {
    const words = Array.from({ length: 60_000 }, (_, n) => `word${n}`)
    const pages = await read(words.join(' '), 'text/plain')
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.flatMap(({ content }) => content.split(/\s+/))).toEqual(words)
  })

  test('of too many pages', async () => {
    await expect(read('x\f'.repeat(21), 'text/plain')).rejects.toMatchObject({ code: 'too_many_pages' })
  })

  test('is counted without being read', async () => {
    const frame = { pageNumber: 2, width: 0, height: 0, unit: 'pixel', hasText: true }
    expect((await reading.measure(Buffer.from('one\ftwo'), 'text/plain'))[1]).toEqual(frame)
  })
})

describe('CSV', () => {
  test('is a table; its first row heads it, and a row is a line', async () => {
    const page = await only('nome;valor\n"Papel; A4";3,50\nCanetas;\n', 'text/csv')
    expect(rows(page)).toEqual([
      '0/0 nome columnHeader',
      '0/1 valor columnHeader',
      '1/0 Papel; A4',
      '1/1 3,50',
      '2/0 Canetas',
      '2/1 ',
    ])
    expect(page.content).toBe('nome\tvalor\nPapel; A4\t3,50\nCanetas\t')
    expectSpansToFit(page)
  })

  test('rows of any length, and a header that is none', async () => {
    const page = await only('1,2,3\na,b,c,d\n', 'text/csv')
    expect(rows(page)).toEqual(['0/0 1', '0/1 2', '0/2 3', '1/0 a', '1/1 b', '1/2 c', '1/3 d'])
    expect(page.parts?.tables?.[0]).toMatchObject({ rowCount: 2, columnCount: 4 })
  })

  test('a large one is a table on each of its pages', async () => {
    const lines = Array.from({ length: 12_000 }, (_, n) => `${n},${n * 2}`)
    const pages = await read(lines.join('\n'), 'text/csv')
    expect(pages.map(({ parts }) => parts?.tables?.[0]?.rowCount)).toEqual([5000, 5000, 2000])
    expect(pages[2]?.content.split('\n')[0]).toBe('10000\t20000')
  })
})

describe('HTML', () => {
  test('headings, paragraphs, lists, and nothing that is not shown', async () => {
    const page = await only(
      `<html><head><title>Tab</title><style>p {}</style></head><body><h1>Report</h1><p>All <b>is</b>
       well.<br>Really</p><script>alert(1)</script><h2>Parts</h2><ul><li>one<li>two</ul><ol start=4><li>four</ol>
       <p hidden>secret</p><img alt="A chart"><pre>a\n  b</pre>`,
      'text/html',
    )
    expect(page.content).toBe('Report\nAll is well.\nReally\nParts\n- one\n- two\n4. four\nA chart\na\n  b')
    expect(page.parts?.paragraphs?.map(({ role }) => role).slice(0, 3)).toEqual(['title', undefined, 'sectionHeading'])
    expectSpansToFit(page)
  })

  test('a table with cells that span others, headers and a caption', async () => {
    const page = await only(
      `<table><caption>Ducks</caption><tr><th rowspan=2>Year</th><th colspan=2>Where</th></tr><tr><th>Lake</th><th>Sea</th></tr>
       <tr><th>2019</th><td>120</td><td>80</td></tr></table>`,
      'text/html',
    )
    expect(rows(page)).toEqual([
      '0/0 Year columnHeader 2 rows',
      '0/1 Where columnHeader 2 columns',
      '1/1 Lake columnHeader',
      '1/2 Sea columnHeader',
      '2/0 2019 rowHeader',
      '2/1 120',
      '2/2 80',
    ])
    expect(page.parts?.tables?.[0]).toMatchObject({ rowCount: 3, columnCount: 3, caption: { content: 'Ducks' } })
    expectSpansToFit(page)
  })

  test('a table that only places things, as in mail, is none', async () => {
    const page = await only('<table><tr><td><table><tr><td>a<td>b</table></td><td>Hello</td></tr></table>', 'text/html')
    expect(rows(page)).toEqual(['0/0 a', '0/1 b'])
    expect(page.content).toBe('a\tb\nHello')
  })

  test('a span that claims a billion columns costs nothing', async () => {
    const page = await only('<table><tr><td colspan=1000000000 rowspan=99999999>a<tr><td>b</table>', 'text/html')
    expect(page.parts?.tables?.[0]).toMatchObject({ rowCount: 2, columnCount: 1001 })
  })

  test('one that declares its encoding', async () => {
    const page = '<html><meta charset="windows-1251"><p>Договор</p>'
    expect((await only(iconv.encode(page, 'windows-1251'), 'text/html')).content).toBe('Договор')
  })

  test('one that nests without end', async () => {
    await expect(read('<div>'.repeat(200_000), 'text/html')).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})

test('Markdown: headings, lists and tables', async () => {
  const page = await only(
    '# Report\n\nAll **is** well.\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n',
    'text/markdown',
  )
  expect(page.content).toBe('Report\nAll is well.\n- one\n- two\na\tb\n1\t2')
  expect(rows(page)).toEqual(['0/0 a columnHeader', '0/1 b columnHeader', '1/0 1', '1/1 2'])
})

describe('RTF', () => {
  test('letters of code pages and of Unicode, headings, and nothing of its tables of fonts', async () => {
    const page = await only(
      String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}{\colortbl;\red0;}
{\stylesheet{\s0 Normal;}{\s1\f0 heading 1;}}{\*\generator Word;}{\info{\author Ana}}
\pard\s1 Relat\'f3rio\par\pard\plain{\f1 \'c4\'ee\'e3\'ee\'e2\'ee\'f0} \u8364? 5 \{ok\}\tab end\par
{\field{\*\fldinst HYPERLINK "x"}{\fldrslt link}}\line next{\pict\wmetafile8 0102}\par}`,
      'application/rtf',
    )
    expect(page.content).toBe('Relatório\nДоговор € 5 {ok}\tend\nlink\nnext')
    expect(page.parts?.paragraphs?.[0]?.role).toBe('sectionHeading')
    expectSpansToFit(page)
  })

  test('a table with cells that span others', async () => {
    const page = await only(
      String.raw`{\rtf1 before\par\trowd\clvmgf\cellx1000\cellx3000\intbl a\cell b\cell\row
\trowd\clvmrg\cellx1000\cellx2000\cellx3000\intbl \cell c\par d\cell e\cell\row\pard after\par}`,
      'application/rtf',
    )
    expect(rows(page)).toEqual(['0/0 a 2 rows', '0/1 b 2 columns', '1/1 c\nd', '1/2 e'])
    expect(page.content.split('\n')[0]).toBe('before')
    expect(page.content.endsWith('after')).toBe(true)
  })

  test('notes come where the text ends, and the paragraph that refers to them is one; what was deleted or hidden is not read', async () => {
    const page = await only(
      String.raw`{\rtf1 Body{\*\footnote\pard\plain The {\b note}.\par And more.} and {\footnote\ftnalt Another.}end.\par
Kept {\deleted gone \'e1\tab}{\v hidden}\v too \v0 words\par \trowd\cellx1000\cellx2000\intbl a{\footnote In a cell}b\cell c\cell\row\pard}`,
      'application/rtf',
    )
    expect(paragraphLines(page)).toEqual([
      'Body and end.',
      'Kept words',
      'footnote: The note.',
      'footnote: And more.',
      'footnote: Another.',
      'footnote: In a cell',
    ])
    expect(cellLines(page)).toEqual(['0/0 ab', '0/1 c'])
  })

  test('of no sense', async () => {
    expect(await only('{\\rtf1 }}}}{{{\\', 'application/rtf')).toMatchObject({ content: '' })
    await expect(read('{\\ntf', 'application/rtf')).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})
