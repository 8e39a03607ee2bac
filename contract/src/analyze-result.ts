import { z } from 'zod'

/**
 * The shape of Azure Document Intelligence's AnalyzeResult (API 2024-11-30), as far as the local engine fills it.
 * Its names are Azure's, so that whoever knows that service knows this one. Spans count UTF-16 code units of `content`,
 * so that `content.slice(offset, offset + length)` is the text.
 */
export const Span = z.object({ offset: z.int().min(0), length: z.int().min(0) }).meta({ id: 'Span' })
export type Span = z.infer<typeof Span>

/** Four corners, clockwise from the top left of the text: x1, y1, … y4, in the page's unit. */
export const Polygon = z.array(z.number()).length(8).meta({ id: 'Polygon' })
export type Polygon = z.infer<typeof Polygon>

export const Word = z
  .object({
    content: z.string(),
    polygon: Polygon,
    span: Span,
    confidence: z.number().min(0).max(1).describe('1 for text that the file itself carries'),
  })
  .meta({ id: 'Word' })
export type Word = z.infer<typeof Word>

export const Line = z.object({ content: z.string(), polygon: Polygon, spans: z.array(Span) }).meta({ id: 'Line' })
export type Line = z.infer<typeof Line>

export const Page = z
  .object({
    pageNumber: z.int().min(1),
    angle: z.number().describe('Degrees, clockwise, by which the text is turned'),
    width: z.number(),
    height: z.number(),
    unit: z.enum(['inch', 'pixel']).describe('inch for PDF, pixel for pictures'),
    words: z.array(Word),
    lines: z.array(Line),
    spans: z.array(Span),
  })
  .meta({ id: 'Page' })
export type Page = z.infer<typeof Page>

export const AnalyzeResult = z
  .object({
    apiVersion: z.literal('2024-11-30'),
    modelId: z.string(),
    stringIndexType: z.literal('utf16CodeUnit'),
    contentFormat: z.literal('text'),
    content: z.string(),
    pages: z.array(Page),
  })
  .meta({ id: 'AnalyzeResult' })
export type AnalyzeResult = z.infer<typeof AnalyzeResult>
