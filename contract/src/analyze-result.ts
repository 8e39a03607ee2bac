import { z } from 'zod'
import { LengthUnit, Polygon, Region, Span } from './geometry.ts'
import { AnalyzedDocument, KeyValuePair } from './result-fields.ts'
import { Figure, Table } from './result-tables.ts'

export { Polygon, Span } from './geometry.ts'

/**
 * Azure Document Intelligence's AnalyzeResult (API 2024-11-30), under its own names, so that whoever knows that service knows this one.
 * What is there and what may be absent is as the SDK's output types say (`@azure-rest/ai-document-intelligence`, outputModels.d.ts; a test
 * compares them). Every object is loose: what a newer service adds survives. Lists of words that grow with the service are open strings,
 * as in the SDK; those that our code depends on are closed.
 */
export const StringIndexType = z.enum(['textElements', 'unicodeCodePoint', 'utf16CodeUnit'])
export type StringIndexType = z.infer<typeof StringIndexType>

export const Confidence = z.number().min(0).max(1)

export const Word = z
  .looseObject({
    content: z.string(),
    polygon: Polygon.exactOptional(),
    span: Span,
    confidence: Confidence.describe('1 for text that the file itself carries'),
  })
  .meta({ id: 'Word' })
export type Word = z.infer<typeof Word>

export const SelectionMark = z
  .looseObject({
    state: z.string().describe('selected or unselected'),
    polygon: Polygon.exactOptional(),
    span: Span,
    confidence: Confidence,
  })
  .meta({ id: 'SelectionMark' })
export type SelectionMark = z.infer<typeof SelectionMark>

export const Line = z
  .looseObject({ content: z.string(), polygon: Polygon.exactOptional(), spans: z.array(Span) })
  .meta({ id: 'Line' })
export type Line = z.infer<typeof Line>

const coded = { value: z.string(), polygon: Polygon.exactOptional(), span: Span, confidence: Confidence }

export const Barcode = z
  .looseObject({ kind: z.string().describe('QRCode, Code128, EAN13, …'), ...coded })
  .meta({ id: 'Barcode' })

export const Formula = z
  .looseObject({ kind: z.string().describe('inline or display; the value is LaTeX'), ...coded })
  .meta({ id: 'Formula' })

export const Page = z
  .looseObject({
    pageNumber: z.int().min(1),
    angle: z.number().exactOptional().describe('Degrees, clockwise, by which the text is turned'),
    width: z
      .number()
      .exactOptional()
      .describe('Absent, like every polygon, for files that have no layout, as of Office'),
    height: z.number().exactOptional(),
    unit: LengthUnit.exactOptional(),
    spans: z.array(Span),
    words: z.array(Word).exactOptional(),
    selectionMarks: z.array(SelectionMark).exactOptional(),
    lines: z.array(Line).exactOptional(),
    barcodes: z.array(Barcode).exactOptional(),
    formulas: z.array(Formula).exactOptional(),
  })
  .meta({ id: 'Page' })
export type Page = z.infer<typeof Page>

export const Paragraph = z
  .looseObject({
    role: z
      .string()
      .exactOptional()
      .describe('title, sectionHeading, pageHeader, pageFooter, pageNumber, footnote, formulaBlock'),
    content: z.string(),
    ...Region.shape,
  })
  .meta({ id: 'Paragraph' })

export const Section = z
  .looseObject({
    spans: z.array(Span),
    elements: z.array(z.string()).exactOptional().describe('JSON pointers into the result of the whole document'),
  })
  .meta({ id: 'Section' })

export const Style = z
  .looseObject({
    isHandwritten: z.boolean().exactOptional(),
    similarFontFamily: z.string().exactOptional(),
    fontStyle: z.string().exactOptional().describe('normal or italic'),
    fontWeight: z.string().exactOptional().describe('normal or bold'),
    color: z.string().exactOptional(),
    backgroundColor: z.string().exactOptional(),
    spans: z.array(Span),
    confidence: Confidence,
  })
  .meta({ id: 'Style' })

export const Language = z
  .looseObject({ locale: z.string().describe('BCP 47'), spans: z.array(Span), confidence: Confidence })
  .meta({ id: 'Language' })

export const Warning = z
  .looseObject({ code: z.string(), message: z.string(), target: z.string().exactOptional() })
  .meta({ id: 'Warning' })

/** What describes a result as a whole. */
export const ResultHeader = z.looseObject({
  apiVersion: z.string().describe('2024-11-30'),
  modelId: z.string(),
  stringIndexType: StringIndexType.describe(
    'What spans count; utf16CodeUnit for `content.slice(offset, offset + length)`',
  ),
  contentFormat: z.string().exactOptional().describe('text or markdown'),
  warnings: z.array(Warning).exactOptional(),
})
export type ResultHeader = z.infer<typeof ResultHeader>

/** What stands on pages beside their words: each list is the whole document's in a result, or one page's. */
export const ResultParts = z.looseObject({
  paragraphs: z.array(Paragraph).exactOptional(),
  tables: z.array(Table).exactOptional(),
  figures: z.array(Figure).exactOptional(),
  sections: z.array(Section).exactOptional(),
  keyValuePairs: z.array(KeyValuePair).exactOptional(),
  styles: z.array(Style).exactOptional(),
  languages: z.array(Language).exactOptional(),
  documents: z.array(AnalyzedDocument).exactOptional(),
})
export type ResultParts = z.infer<typeof ResultParts>

export const AnalyzeResult = z
  .looseObject({ ...ResultHeader.shape, content: z.string(), pages: z.array(Page), ...ResultParts.shape })
  .meta({ id: 'AnalyzeResult' })
export type AnalyzeResult = z.infer<typeof AnalyzeResult>
