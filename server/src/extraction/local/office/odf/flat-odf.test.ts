import type { ContentType } from '@adp/contract/document.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cellLines, paragraphLines } from '../../../../../test/flow-pages.ts'
import { startLocalReading } from '../../../../../test/local-reading.ts'
import { flatOdfFile, odfFile } from '../../../../../test/office-files.ts'

const ODF = 'application/vnd.oasis.opendocument'
let reading: Awaited<ReturnType<typeof startLocalReading>>

beforeAll(async () => {
  reading = await startLocalReading()
})
afterAll(() => reading.close())

const MASTER =
  '<office:master-styles><style:master-page><style:header><text:p>Above</text:p></style:header><style:footer><text:p>Below</text:p></style:footer></style:master-page></office:master-styles>'
const NUMBERED =
  '<office:automatic-styles><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style></office:automatic-styles>'
const ROW = (...cells: string[]) =>
  `<table:table-row>${cells.map((text) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`).join('')}</table:table-row>`
const TABLE = `<table:table table:name="Sums">${ROW('Paper', '3.50')}</table:table>`

test('a flat text: body, lists with their numbers, header and footer once, no bytes of pictures, charts', async () => {
  const picture =
    '<draw:frame><draw:image><office:binary-data>iVBORw0KGgo=</office:binary-data></draw:image></draw:frame>'
  const chart = `<draw:frame><draw:object><office:document><office:body><office:chart><chart:chart><chart:title><text:p>Ducks</text:p></chart:title>${TABLE}</chart:chart></office:chart></office:body></office:document></draw:object></draw:frame>`
  const list = '<text:list text:style-name="L"><text:list-item><text:p>First</text:p></text:list-item></text:list>'
  const body = `<text:h text:outline-level="1">Report</text:h><text:p>Text${picture}${chart}</text:p>${list}`
  const [page, ...others] = await reading.read(flatOdfFile('text', body, NUMBERED + MASTER), `${ODF}.text`)
  if (!page || others.length > 0) throw new Error('Not one page')
  expect(paragraphLines(page)).toEqual([
    'pageHeader: Above',
    'sectionHeading: Report',
    'Text',
    'Ducks',
    '1. First',
    'pageFooter: Below',
  ])
  expect(cellLines(page)).toEqual(['0/0 Paper', '0/1 3.50'])
})

test.each<[string, Buffer, ContentType, string[]]>([
  ['a flat spreadsheet', flatOdfFile('spreadsheet', TABLE, MASTER), `${ODF}.spreadsheet`, ['Sums\nPaper\t3.50']],
  [
    'a flat presentation',
    flatOdfFile(
      'presentation',
      '<draw:page><draw:rect><text:p>One</text:p></draw:rect></draw:page><draw:page/>',
      MASTER,
    ),
    `${ODF}.presentation`,
    ['One', ''],
  ],
  [
    'a flat drawing',
    flatOdfFile('graphics', '<draw:page><draw:g><draw:rect><text:p>In a box</text:p></draw:rect></draw:g></draw:page>'),
    `${ODF}.presentation`,
    ['In a box'],
  ],
  ['a template', odfFile('text', '<text:p>Dear</text:p>', { template: '-template' }), `${ODF}.text`, ['Dear']],
])('%s', async (_, bytes, type, contents) => {
  expect((await reading.read(bytes, type)).map(({ content }) => content)).toEqual(contents)
})

test('one that is cut off is damaged', async () => {
  const bytes = flatOdfFile('text', '<text:p>Text</text:p>').subarray(0, -40)
  await expect(reading.read(bytes, `${ODF}.text`)).rejects.toMatchObject({ code: 'file_corrupt' })
})
