import { type PDFContext, type PDFObject, type PDFRef, PDFString } from '@cantoo/pdf-lib'
import { deflated } from './deflated.ts'

// Nobody sees the text, so its font has one empty glyph for every character: Tesseract's way, whose font is called the same.
const NAME = 'GlyphLessFont'

/** Of a character, in 1,000ths of the font's size: about as wide as letters are. */
export const GLYPH_WIDTH = 500
const UNITS_PER_EM = 1000
/** Almost nothing below the line: a word's box stands on its lower edge, which is what viewers mark. */
const DESCENT = -1

/** Numbers characters in the order in which they turn up, so that each script has room in two bytes. */
export const createGlyphs = () => {
  const codes = new Map<string, number>()
  return {
    codes,
    /** The codes of a text's characters, in hexadecimal digits, and how many there are. */
    encode(text: string): { hex: string; count: number } {
      const found = [...text].map((character) => {
        const code = codes.get(character) ?? Math.min(codes.size + 1, 0xffff)
        codes.set(character, code)
        return code.toString(16).padStart(4, '0')
      })
      return { hex: found.join(''), count: found.length }
    },
  }
}
export type Glyphs = ReturnType<typeof createGlyphs>

const words = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 2)
  for (const [at, value] of values.entries()) buffer.writeUInt16BE(value & 0xffff, at * 2)
  return buffer
}

/** Tables that ISO 32000-1, 9.9, asks of a TrueType font that is a CIDFont: glyph 0, for what is missing, and 1, both empty. */
const fontTables = (): Record<string, Buffer> => {
  const created = words(0, 0, 0, 0)
  const head = Buffer.concat([
    // Version, revision, checksum (not checked by anybody who reads a PDF), magic number, flags, units.
    words(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, UNITS_PER_EM),
    created,
    created,
    // Bounding box, style, smallest size, direction, short offsets, format.
    words(0, DESCENT, GLYPH_WIDTH, UNITS_PER_EM, 0, 8, 2, 0, 0),
  ])
  // Version, ascent, descent, gap, widest, bearings and extent, caret, four reserved, format, how many widths there are.
  const hhea = words(1, 0, UNITS_PER_EM, DESCENT, 0, GLYPH_WIDTH, 0, 0, GLYPH_WIDTH, 1, 0, 0, 0, 0, 0, 0, 0, 2)
  const maxp = words(1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)
  const glyph = words(0, 0, 0, 0, 0, 0)
  return {
    glyf: Buffer.concat([glyph, glyph]),
    head,
    hhea,
    hmtx: words(GLYPH_WIDTH, 0, GLYPH_WIDTH, 0),
    loca: words(0, 6, 12),
    maxp,
  }
}

const checksum = (table: Buffer): number => {
  let sum = 0
  for (let at = 0; at + 4 <= table.length; at += 4) sum = (sum + table.readUInt32BE(at)) >>> 0
  return sum
}

/** The font as a TrueType file. */
export const fontFile = (): Buffer => {
  const tables = Object.entries(fontTables())
  const directory: Buffer[] = [words(1, 0, tables.length, 64, 2, tables.length * 16 - 64)]
  const bodies: Buffer[] = []
  let offset = 12 + 16 * tables.length
  for (const [tag, table] of tables) {
    const padded = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)])
    const entry = Buffer.alloc(16)
    entry.write(tag, 'latin1')
    entry.writeUInt32BE(checksum(padded), 4)
    entry.writeUInt32BE(offset, 8)
    entry.writeUInt32BE(table.length, 12)
    directory.push(entry)
    bodies.push(padded)
    offset += padded.length
  }
  return Buffer.concat([...directory, ...bodies])
}

/** A CMap may have so many entries in a block (Adobe's 5014). */
const BLOCK = 100

const utf16 = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex')

/** Which character each code is, for whoever copies or searches. */
const toUnicode = ({ codes }: Glyphs): string => {
  const entries = [...codes].map(([text, code]) => `<${code.toString(16).padStart(4, '0')}> <${utf16(text)}>`)
  const blocks = Array.from({ length: Math.ceil(entries.length / BLOCK) }, (_, block) => {
    const of = entries.slice(block * BLOCK, (block + 1) * BLOCK)
    return `${of.length} beginbfchar\n${of.join('\n')}\nendbfchar`
  })
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`
}

/** Makes the font's objects, when it is known which characters there are. @param add makes an object one of the file  @returns the font */
export const fontOf = (context: PDFContext, glyphs: Glyphs, add: (object: PDFObject) => PDFRef): PDFObject => {
  const file = fontFile()
  const descriptor = add(
    context.obj({
      ...{ Type: 'FontDescriptor', FontName: NAME, Flags: 5, FontBBox: [0, DESCENT, GLYPH_WIDTH, UNITS_PER_EM] },
      ...{ ItalicAngle: 0, Ascent: UNITS_PER_EM, Descent: DESCENT, CapHeight: UNITS_PER_EM, StemV: 80 },
      FontFile2: add(deflated(context, file, { Length1: file.length })),
    }),
  )
  const glyphOfEach = words(...Array.from({ length: glyphs.codes.size + 1 }, () => 1))
  const descendant = add(
    context.obj({
      ...{ Type: 'Font', Subtype: 'CIDFontType2', BaseFont: NAME, FontDescriptor: descriptor, DW: GLYPH_WIDTH },
      CIDSystemInfo: { Registry: PDFString.of('Adobe'), Ordering: PDFString.of('Identity'), Supplement: 0 },
      CIDToGIDMap: add(deflated(context, glyphOfEach)),
    }),
  )
  return context.obj({
    ...{ Type: 'Font', Subtype: 'Type0', BaseFont: NAME, Encoding: 'Identity-H', DescendantFonts: [descendant] },
    ToUnicode: add(deflated(context, toUnicode(glyphs))),
  })
}
