import { strToU8, type Zippable, zipSync } from 'fflate'

/** Office files to test with, made of XML: only what a reader needs is there. */

type Parts = Record<string, string | Buffer>

const zip = (parts: Parts): Buffer => {
  const files: Zippable = {}
  for (const [name, part] of Object.entries(parts))
    files[name] = [typeof part === 'string' ? strToU8(part) : part, { level: name === 'mimetype' ? 0 : 6 }]
  return Buffer.from(zipSync(files))
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const OOXML = 'http://schemas.openxmlformats.org'
const RELATIONS = `${OOXML}/officeDocument/2006/relationships`

const relations = (targets: Record<string, [type: string, target: string]>): string => {
  const all = Object.entries(targets).map(
    ([id, [type, target]]) => `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  )
  return `${HEAD}<Relationships xmlns="${OOXML}/package/2006/relationships">${all.join('')}</Relationships>`
}

const start = (main: string): Parts => ({
  '[Content_Types].xml': `${HEAD}<Types xmlns="${OOXML}/package/2006/content-types"/>`,
  '_rels/.rels': relations({ rId1: ['officeDocument', main] }),
})

const NAMES = [
  `xmlns:w="${OOXML}/wordprocessingml/2006/main"`,
  `xmlns:r="${RELATIONS}"`,
  `xmlns:a="${OOXML}/drawingml/2006/main"`,
  `xmlns:c="${OOXML}/drawingml/2006/chart"`,
  `xmlns:m="${OOXML}/officeDocument/2006/math"`,
  `xmlns:mc="${OOXML}/markup-compatibility/2006"`,
  `xmlns:p="${OOXML}/presentationml/2006/main"`,
  'xmlns:wps="urn:shape" xmlns:v="urn:vml" xmlns:xdr="urn:drawing" xmlns:x="urn:sheet"',
].join(' ')

/** A part without names of its own gets all. */
const named = (xml: string): string => (xml.includes('xmlns:') ? xml : xml.replace(/^<[\w:]+/, `$& ${NAMES}`))

/**
 * @param related parts beside the document: name of the part, its type, its XML; the id is `rId` and its place
 * @param pictures by the ids that the body uses
 */
export const docxFile = (
  body: string,
  related: [name: string, type: string, xml: string][] = [],
  pictures: Record<string, Buffer> = {},
): Buffer =>
  zip({
    ...start('word/document.xml'),
    'word/document.xml': `${HEAD}<w:document ${NAMES}><w:body>${body}<w:sectPr/></w:body></w:document>`,
    'word/_rels/document.xml.rels': relations({
      ...Object.fromEntries(related.map(([name, type], index) => [`rId${index + 1}`, [type, `${name}.xml`]])),
      ...Object.fromEntries(Object.keys(pictures).map((id) => [id, ['image', `media/${id}.bin`]])),
    }),
    ...Object.fromEntries(Object.entries(pictures).map(([id, bytes]) => [`word/media/${id}.bin`, bytes])),
    ...Object.fromEntries(related.map(([name, , xml]) => [`word/${name}.xml`, `${HEAD}${named(xml)}`])),
  })

export type Sheet = {
  name: string
  /** `sheetData` and what follows it. */
  xml: string
  state?: 'hidden'
  /** Of a chart that lies over it. */
  chart?: string
}

type Workbook = { sheets: Sheet[]; shared?: string[]; styles?: string; macros?: boolean }

const sheetParts = ({ xml, chart }: Sheet, index: number): Parts => {
  const name = `sheet${index + 1}`
  const sheet = { [`xl/worksheets/${name}.xml`]: `${HEAD}<worksheet ${NAMES}>${xml}</worksheet>` }
  if (chart === undefined) return sheet
  return {
    ...sheet,
    [`xl/worksheets/_rels/${name}.xml.rels`]: relations({ rId1: ['drawing', `/xl/drawings/${name}.xml`] }),
    [`xl/drawings/${name}.xml`]: `${HEAD}<xdr:wsDr ${NAMES}><xdr:sp><xdr:txBody><a:p><a:r><a:t>A box</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>`,
    [`xl/drawings/_rels/${name}.xml.rels`]: relations({ rId1: ['chart', `../charts/${name}.xml`] }),
    [`xl/charts/${name}.xml`]: `${HEAD}${chart}`,
  }
}

export const xlsxFile = ({ sheets, shared = [], styles = '', macros = false }: Workbook): Buffer => {
  const targets = sheets.map((_, index): [string, [string, string]] => [
    `rId${index + 1}`,
    ['worksheet', `worksheets/sheet${index + 1}.xml`],
  ])
  const list = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 7}"${state ? ` state="${state}"` : ''} r:id="rId${index + 1}"/>`,
  )
  return zip({
    ...start('xl/workbook.xml'),
    'xl/workbook.xml': `${HEAD}<workbook ${NAMES}><sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations({
      ...Object.fromEntries(targets),
      shared: ['sharedStrings', 'sharedStrings.xml'],
      styles: ['styles', 'styles.xml'],
    }),
    'xl/sharedStrings.xml': `${HEAD}<sst ${NAMES}>${shared.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    'xl/styles.xml': `${HEAD}<styleSheet ${NAMES}>${styles}</styleSheet>`,
    ...(macros && { 'xl/vbaProject.bin': 'macros' }),
    ...Object.assign({}, ...sheets.map(sheetParts)),
  })
}

/** @param slides the shapes of each, and of its notes */
export const pptxFile = (slides: { shapes: string; notes?: string; chart?: string; picture?: Buffer }[]): Buffer => {
  const tree = (element: string, shapes: string) =>
    `${HEAD}<p:${element} ${NAMES}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:${element}>`
  const parts = slides.map(({ shapes, notes, chart, picture }, index) => ({
    [`ppt/slides/slide${index + 1}.xml`]: tree('sld', shapes),
    [`ppt/slides/_rels/slide${index + 1}.xml.rels`]: relations({
      ...(notes !== undefined && { rId1: ['notesSlide', `../notesSlides/notes${index + 1}.xml`] }),
      ...(chart !== undefined && { rId2: ['chart', `../charts/chart${index + 1}.xml`] }),
      ...(picture !== undefined && { rId3: ['image', `../media/picture${index + 1}.bin`] }),
    }),
    ...(notes !== undefined && { [`ppt/notesSlides/notes${index + 1}.xml`]: tree('notes', notes) }),
    ...(chart !== undefined && { [`ppt/charts/chart${index + 1}.xml`]: `${HEAD}${chart}` }),
    ...(picture !== undefined && { [`ppt/media/picture${index + 1}.bin`]: picture }),
  }))
  // Listed from the last to the first, so that the names of the parts say nothing of the order.
  const ids = slides.map((_, index) => slides.length - index)
  return zip({
    ...start('ppt/presentation.xml'),
    'ppt/presentation.xml': `${HEAD}<p:presentation ${NAMES}><p:sldIdLst>${ids.map((id) => `<p:sldId id="${255 + id}" r:id="rId${id}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(
      Object.fromEntries(
        slides.map((_, index) => [`rId${index + 1}`, ['slide', `slides/slide${slides.length - index}.xml`]]),
      ),
    ),
    ...Object.assign({}, ...parts),
  })
}

/** A chart of one series. */
export const chartXml = (title: string, series: string, points: Record<string, number>): string => {
  const cache = (values: (string | number)[]) =>
    values.map((value, index) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`).join('')
  return `<c:chartSpace ${NAMES}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>${title}</a:t></a:r></a:p></c:rich></c:tx></c:title>
<c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:f>A1</c:f><c:strCache>${cache([series])}</c:strCache></c:strRef></c:tx>
<c:cat><c:strRef><c:strCache>${cache(Object.keys(points))}</c:strCache></c:strRef></c:cat>
<c:val><c:numRef><c:numCache>${cache(Object.values(points))}</c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`
}

const ODF = 'urn:oasis:names:tc:opendocument:xmlns'
const ODF_NAMES = ['office', 'text', 'table', 'draw', 'style', 'presentation', 'chart', 'manifest']
  .map((name) => `xmlns:${name}="${ODF}:${name}:1.0"`)
  .concat('xmlns:xlink="http://www.w3.org/1999/xlink"')
  .join(' ')

/** `template`: what follows the type of a file that is a template, or else of a kind of its own. */
type Odf = { template?: string; styles?: string; master?: string; manifest?: string; objects?: Record<string, string> }

/** @param body what is in `office:text`, `office:spreadsheet` or `office:presentation` */
export const odfFile = (
  kind: 'text' | 'spreadsheet' | 'presentation',
  body: string,
  { template = '', styles = '', master = '', manifest = '', objects = {} }: Odf = {},
): Buffer =>
  zip({
    mimetype: `application/vnd.oasis.opendocument.${kind}${template}`,
    'META-INF/manifest.xml': `${HEAD}<manifest:manifest ${ODF_NAMES}>${manifest}</manifest:manifest>`,
    'styles.xml': `${HEAD}<office:document-styles ${ODF_NAMES}>${master}</office:document-styles>`,
    'content.xml': `${HEAD}<office:document-content ${ODF_NAMES}><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    ...Object.fromEntries(
      Object.entries(objects).map(([name, xml]) => [
        `${name}/content.xml`,
        `${HEAD}<office:document-content ${ODF_NAMES}>${xml}</office:document-content>`,
      ]),
    ),
  })

/** The same in one XML, as its first line says. @param rest beside the body: styles, masters */
export const flatOdfFile = (
  kind: 'text' | 'spreadsheet' | 'presentation' | 'graphics',
  body: string,
  rest = '',
): Buffer => {
  const element = kind === 'graphics' ? 'drawing' : kind
  return Buffer.from(
    `${HEAD}\n<office:document ${ODF_NAMES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.${kind}">${rest}<office:body><office:${element}>${body}</office:${element}></office:body></office:document>`,
  )
}

/** An archive of anything. */
export const zipFile = zip
