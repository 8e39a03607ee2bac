import { afterAll, beforeAll, expect, test } from 'vitest'
import { cellLines, paragraphLines, spanTexts } from '../../../../../test/flow-pages.ts'
import { startLocalReading } from '../../../../../test/local-reading.ts'
import { chartXml, docxFile } from '../../../../../test/office-files.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

let reading: Awaited<ReturnType<typeof startLocalReading>>

beforeAll(async () => {
  reading = await startLocalReading()
})

afterAll(() => reading.close())

const read = (body: string, related: Parameters<typeof docxFile>[1] = []) => reading.read(docxFile(body, related), DOCX)

const only = async (body: string, related: Parameters<typeof docxFile>[1] = []) => {
  const [page, ...others] = await read(body, related)
  if (!page || others.length > 0) throw new Error('Not one page')
  const { covered, said } = spanTexts(page)
  expect(covered).toEqual(said)
  return page
}

const p = (text: string, properties = '') => `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`
const style = (id: string) => `<w:pStyle w:val="${id}"/>`
const listed = (list: number, level: number) =>
  `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr>`

const STYLES: [string, string, string] = [
  'styles',
  'styles',
  `<w:styles><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
   <w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
   <w:style w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="berschrift1"/></w:style></w:styles>`,
]

test('headings by the names of their styles, whatever the language, and by those they are based on', async () => {
  const body = p('Report', style('Titel')) + p('One', style('berschrift1')) + p('Two', style('Mine')) + p('Text')
  expect(paragraphLines(await only(body, [STYLES]))).toEqual([
    'title: Report',
    'sectionHeading: One',
    'sectionHeading: Two',
    'Text',
  ])
})

test('what is in the runs of a paragraph, and what was deleted or is hidden is not', async () => {
  const body = `<w:p><w:r><w:t>A</w:t><w:tab/><w:t xml:space="preserve">b </w:t></w:r><w:ins><w:r><w:t>new</w:t></w:r></w:ins>
<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>
<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:br/></w:r><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>
<w:r><w:instrText>PAGE</w:instrText></w:r><w:sdt><w:sdtContent><w:r><w:noBreakHyphen/><w:t>field</w:t></w:r></w:sdtContent></w:sdt></w:p>`
  expect((await only(body)).content).toBe('A\tb new\nlink-field')
})

test('the numbers of lists, as Word counts them', async () => {
  const level = (at: number, format: string, text: string) =>
    `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`
  const numbering = `<w:numbering><w:abstractNum w:abstractNumId="5">${level(0, 'decimal', '%1.')}${level(1, 'lowerRoman', '%1.%2')}</w:abstractNum>
<w:abstractNum w:abstractNumId="6">${level(0, 'bullet', '·')}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num></w:numbering>`
  const body = [
    p('a', listed(1, 0)),
    p('b', listed(1, 1)),
    p('c', listed(1, 1)),
    p('', listed(1, 0)),
    p('d', listed(1, 0)),
    p('e', listed(1, 1)),
    p('f', listed(2, 0)),
    p('g', listed(3, 0)),
    p('h', listed(0, 0)),
  ].join('')
  const page = await only(body, [['numbering', 'numbering', numbering]])
  expect(paragraphLines(page)).toEqual(['1. a', '1.i b', '1.ii c', '2. d', '2.i e', '- f', '7. g', 'h'])
})

test('a table with merged cells and a header, and one within another', async () => {
  const tc = (content: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${content}</w:tc>`
  const body = `<w:tbl><w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr>
<w:tr>${tc(p('Year'), '<w:vMerge w:val="restart"/>')}${tc(p('Ducks'), '<w:gridSpan w:val="2"/>')}</w:tr>
<w:tr>${tc(p(''), '<w:vMerge/>')}${tc(p('Lake') + p('shore'))}${tc(p('Sea'))}</w:tr>
<w:tr>${tc(`<w:tbl><w:tr>${tc(p('in'))}${tc(p('side'))}</w:tr></w:tbl>`)}${tc(p('1'))}${tc(p(''))}</w:tr></w:tbl>`
  const page = await only(body)
  expect(cellLines(page)).toEqual([
    '0/0 Year columnHeader 2 rows',
    '0/1 Ducks columnHeader 2 columns',
    '1/1 Lake\nshore',
    '1/2 Sea',
    '2/0 in\nside',
    '2/1 1',
    '2/2 ',
  ])
  expect(page.parts?.tables).toHaveLength(1)
})

test('a table of one cell is a frame around what is in it', async () => {
  const page = await only(`<w:tbl><w:tr><w:tc>${p('Mind')}${p('the gap')}</w:tc></w:tr></w:tbl>`)
  expect(paragraphLines(page)).toEqual(['Mind', 'the gap'])
})

test('text boxes once, though they are there for old programs too; charts; equations', async () => {
  const box = (name: string) => `<${name}><w:txbxContent>${p('In a box')}</w:txbxContent></${name}>`
  const body = `<w:p><w:r><w:t>Before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:wsp>${box('wps:txbx')}</wps:wsp></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:shape>${box('v:textbox')}</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>
<w:r><w:drawing><a:graphic><c:chart r:id="rId1"/></a:graphic></w:drawing></w:r></w:p>
<w:p><m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup><m:r><m:t>×π</m:t></m:r></m:oMath></w:p>`
  const page = await only(body, [
    ['chart1', 'chart', chartXml('Ducks by year', 'Ducks', { 2019: 120, 2020: 0.1 + 0.2 })],
  ])
  expect(paragraphLines(page)).toEqual(['Before', 'In a box', 'Ducks by year', 'x^{2} \\times \\pi'])
  expect(cellLines(page)).toEqual([
    '0/0  columnHeader',
    '0/1 Ducks columnHeader',
    '1/0 2019 rowHeader',
    '1/1 120',
    '2/0 2020 rowHeader',
    '2/1 0.3',
  ])
})

test('an equation on a line of its own is no array of equations', async () => {
  const equation = (...rows: string[]) =>
    `<m:oMathPara><m:oMath><m:eqArr>${rows.map((text) => `<m:e><m:r><m:t>${text}</m:t></m:r></m:e>`).join('')}</m:eqArr></m:oMath></m:oMathPara>`
  const page = await only(`${equation('x=1')}${equation('x=1', 'y=2')}`)
  expect(paragraphLines(page)).toEqual(['x=1', '\\begin{array}{c}x=1 \\\\ y=2\\end{array}'])
})

test('headers first, then the text, then notes in the order in which they are referred to, then footers', async () => {
  const note = (id: number, text: string) => `<w:footnote w:id="${id}">${p(text)}</w:footnote>`
  const reference = (id: number) => `<w:p><w:r><w:t>See ${id}</w:t><w:footnoteReference w:id="${id}"/></w:r></w:p>`
  const page = await only(reference(2) + reference(1), [
    [
      'footnotes',
      'footnotes',
      `<w:footnotes>${note(1, 'One')}${note(2, 'Two')}${note(3, 'Nobody refers to it')}</w:footnotes>`,
    ],
    ['header1', 'header', `<w:hdr>${p('Acme')}</w:hdr>`],
    ['header2', 'header', `<w:hdr>${p('Acme')}</w:hdr>`],
    ['footer1', 'footer', `<w:ftr>${p('Secret')}</w:ftr>`],
  ])
  expect(paragraphLines(page)).toEqual([
    'pageHeader: Acme',
    'See 2',
    'See 1',
    'footnote: Two',
    'footnote: One',
    'pageFooter: Secret',
  ])
})

test('a page break begins a page', async () => {
  const pages = await read(`${p('one')}<w:p><w:r><w:br w:type="page"/><w:t>two</w:t></w:r></w:p>`)
  expect(pages.map(({ content }) => content)).toEqual(['one', 'two'])
})
