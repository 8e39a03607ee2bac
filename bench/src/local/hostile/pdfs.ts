import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { HostileFile } from './hostile-file.ts'

/** PDFs that ask for more than anybody has: each is small, and what a parser makes of it is not. */

type PdfObject = string | { dictionary: string; stream: Buffer }

/** Joins objects, numbered from 1; the first is the catalog. */
const pdf = (objects: PdfObject[], trailer = ''): Buffer => {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  let length = parts[0]?.length ?? 0
  const offsets: number[] = []
  const add = (part: Buffer) => {
    parts.push(part)
    length += part.length
  }
  for (const [index, object] of objects.entries()) {
    offsets.push(length)
    add(Buffer.from(`${index + 1} 0 obj\n`))
    if (typeof object === 'string') add(Buffer.from(object, 'latin1'))
    else {
      add(Buffer.from(`<< ${object.dictionary} /Length ${object.stream.length} >>\nstream\n`))
      add(object.stream)
      add(Buffer.from('\nendstream'))
    }
    add(Buffer.from('\nendobj\n'))
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  add(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

const CATALOG = '<< /Type /Catalog /Pages 2 0 R >>'
const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
const flate = (content: string | Buffer, dictionary = ''): PdfObject => ({
  dictionary: `/Filter /FlateDecode ${dictionary}`,
  stream: deflateSync(content, { level: 9 }),
})
const A4 = '/MediaBox [0 0 595 842]'

/** A page for each content; `resources` go into each, and may name the objects `from` 4 on. */
const pages = (contents: PdfObject[], resources: string, others: PdfObject[] = [], box = A4): Buffer => {
  const first = 4 + others.length
  const kids = contents.map((_, index) => `${first + 2 * index} 0 R`).join(' ')
  return pdf([
    CATALOG,
    `<< /Type /Pages /Kids [${kids}] /Count ${contents.length} >>`,
    FONT,
    ...others,
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R ${box} /Resources << /Font << /F 3 0 R >> ${resources} >> /Contents ${first + 2 * index + 1} 0 R >>`,
      content,
    ]),
  ])
}

const text = (line: string): PdfObject => flate(`BT /F 12 Tf 50 700 Td (${line}) Tj ET`)
const LOTS = 20_000_000
const manyLetters = (): PdfObject => flate(`BT /F 1 Tf 1 700 Td (${'A'.repeat(LOTS)}) Tj ET`)
const manyWords = (): PdfObject => flate(`BT /F 1 Tf 1 700 Td ${'(word) Tj 3 0 Td '.repeat(1_500_000)} ET`)

const nestedForms = (depth: number, times: number): Buffer => {
  const forms = Array.from({ length: depth }, (_, level) =>
    flate(
      level === depth - 1 ? '0 0 1 1 re f' : '/X Do '.repeat(times),
      `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X ${level === depth - 1 ? 4 : 5 + level} 0 R >> >>`,
    ),
  )
  return pages([flate('/X Do')], '/XObject << /X 4 0 R >>', forms)
}

const pictureOf = (width: number, height: number, bits: number, data: Buffer, box?: string): Buffer => {
  const dictionary = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent ${bits}`
  return pages([flate('595 0 0 842 0 0 cm /I Do')], '/XObject << /I 4 0 R >>', [flate(data, dictionary)], box)
}

const noise = (width: number, height: number) =>
  sharp(randomBytes(width * height), { raw: { width, height, channels: 1 } })
    .blur(0.8)
    .linear(4, -380)
    .jpeg({ quality: 60 })
    .toBuffer()

const noisyPages = async (count: number): Promise<Buffer> => {
  const [width, height] = [1654, 2339]
  const dictionary = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode`
  const contents = Array.from({ length: count }, () => flate('595 0 0 842 0 0 cm /I Do'))
  return pages(contents, '/XObject << /I 4 0 R >>', [{ dictionary, stream: await noise(width, height) }])
}

const deepPageTree = (depth: number): Buffer => {
  const nodes = Array.from({ length: depth }, (_, level) => `<< /Type /Pages /Kids [${level + 3} 0 R] /Count 1 >>`)
  return pdf([CATALOG, ...nodes, `<< /Type /Page ${A4} >>`])
}

const onePage = (contents: PdfObject, more = ''): Buffer =>
  pdf([
    CATALOG,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page ${A4} ${more} /Contents 4 0 R >>`,
    contents,
  ])

const tiling = (): Buffer => {
  const pattern = flate(
    '0 0 1 1 re f',
    '/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001 /Resources << >>',
  )
  return pages([flate('/Pattern cs /P scn 0 0 595 842 re f')], '/Pattern << /P 4 0 R >>', [pattern])
}

const endlessMap = (): Buffer => {
  const ranges = Array.from({ length: 2000 }, (_, n) => `<${n.toString(16).padStart(4, '0')}> <FFFF> <0041>`).join('\n')
  const map = flate(
    `begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 2000 beginbfrange ${ranges} endbfrange endcmap`,
  )
  const font =
    '<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 4 0 R /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >> >>] >>'
  return pages([flate('BT /G 12 Tf 50 700 Td <00410042> Tj ET')], '/Font << /G 5 0 R >>', [map, font])
}

export const hostilePdfs = (): HostileFile[] => [
  { kind: 'pdf: 20 million letters on a page', make: () => pages([manyLetters()], '') },
  { kind: 'pdf: 1.5 million words on a page', make: () => pages([manyWords()], '') },
  { kind: 'pdf: such a page between good ones', make: () => pages([text('one'), manyLetters(), text('three')], '') },
  { kind: 'pdf: twelve such pages', make: () => pages(Array.from({ length: 12 }, manyLetters), '') },
  { kind: 'pdf: 3 million rectangles', make: () => pages([flate('1 1 9 9 re S '.repeat(3_000_000))], '') },
  { kind: 'pdf: 3 million saved states', make: () => pages([flate('q '.repeat(3_000_000))], '') },
  { kind: 'pdf: a content of 600 MB', make: () => onePage(flate(Buffer.alloc(600_000_000, 0x20))) },
  {
    kind: 'pdf: deflated twice, 10 GB',
    make: () => {
      const inner = deflateSync(deflateSync(Buffer.alloc(500_000_000, 0x20), { level: 9 }), { level: 9 })
      return onePage({ dictionary: '/Filter [/FlateDecode /FlateDecode]', stream: inner })
    },
  },
  { kind: 'pdf: a form that draws itself', make: () => nestedForms(1, 1) },
  { kind: 'pdf: forms that double, 40 deep', make: () => nestedForms(40, 2) },
  {
    kind: 'pdf: a page tree that is its own child',
    make: () => pdf([CATALOG, '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']),
  },
  { kind: 'pdf: a page tree 100,000 deep', make: () => deepPageTree(100_000) },
  {
    kind: 'pdf: claims two billion pages',
    make: () =>
      pdf([CATALOG, '<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>', `<< /Type /Page /Parent 2 0 R ${A4} >>`]),
  },
  {
    kind: 'pdf: 300,000 pages',
    make: () =>
      pdf([
        CATALOG,
        `<< /Type /Pages /Kids [${'3 0 R '.repeat(300_000)}] /Count 300000 >>`,
        `<< /Type /Page /Parent 2 0 R ${A4} >>`,
      ]),
  },
  { kind: 'pdf: arrays a million deep', make: () => onePage(text('deep'), `/Deep ${'['.repeat(1_000_000)}`) },
  {
    kind: 'pdf: a page of 10^9 points',
    make: () => pages([text('big')], '', [], '/MediaBox [0 0 1000000000 1000000000]'),
  },
  { kind: 'pdf: a line of a page', make: () => pages([flate('0 0 1 1 re f')], '', [], '/MediaBox [0 0 1 2147483648]') },
  {
    kind: 'pdf: a monochrome page of 17,500 px',
    make: () =>
      pictureOf(17_500, 17_500, 1, Buffer.alloc(Math.ceil(17_500 / 8) * 17_500, 0x5a), '/MediaBox [0 0 6300 6300]'),
  },
  { kind: 'pdf: a picture of 30,000 px', make: () => pictureOf(30_000, 30_000, 8, Buffer.alloc(900_000_000, 0x80)) },
  { kind: 'pdf: a picture that claims 10^6 px', make: () => pictureOf(1_000_000, 1_000_000, 8, Buffer.alloc(1000)) },
  { kind: 'pdf: a pattern of endless tiles', make: tiling },
  { kind: 'pdf: a font that maps everything', make: endlessMap },
  {
    kind: 'pdf: its table claims two billion objects',
    make: () => Buffer.from(onePage(text('x')).toString('latin1').replace('xref\n0 5', 'xref\n0 2147483647'), 'latin1'),
  },
  { kind: 'pdf: a page of noise', make: () => noisyPages(1) },
  { kind: 'pdf: six pages of noise', make: () => noisyPages(6) },
]
