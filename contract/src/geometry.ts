import { z } from 'zod'

/** Spans count UTF-16 code units of `content`, so that `content.slice(offset, offset + length)` is the text. */
export const Span = z.looseObject({ offset: z.int().min(0), length: z.int().min(0) }).meta({ id: 'Span' })
export type Span = z.infer<typeof Span>

export const LengthUnit = z.enum(['inch', 'pixel']).describe('inch for PDF, pixel for pictures')
export type LengthUnit = z.infer<typeof LengthUnit>

/**
 * The corners, clockwise from the top left of the text: x1, y1, x2, y2, … in the page's unit. Four of them, in every answer that we have
 * seen; the service promises no number, so a result is not refused for another one.
 */
export const Polygon = z
  .array(z.number())
  .min(6)
  .refine((numbers) => numbers.length % 2 === 0, 'Expected pairs of x and y')
  .meta({ id: 'Polygon' })
export type Polygon = z.infer<typeof Polygon>

export const BoundingRegion = z
  .looseObject({ pageNumber: z.int().min(1), polygon: Polygon })
  .meta({ id: 'BoundingRegion' })
export type BoundingRegion = z.infer<typeof BoundingRegion>

/** Where something stands: on which pages, and in the content. Without layout there are spans only. */
export const Region = z.looseObject({
  boundingRegions: z.array(BoundingRegion).exactOptional(),
  spans: z.array(Span),
})
export type Region = z.infer<typeof Region>
