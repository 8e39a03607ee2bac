import { Line, Page, ResultParts, Word } from '@adp/contract/analyze-result.ts'
import { LengthUnit, Polygon } from '@adp/contract/geometry.ts'
import { z } from 'zod'

/** A page with a layout as the local engine makes it: what another provider may leave out is there. */
export const LocalPage = Page.extend({
  angle: z.number(),
  width: z.number(),
  height: z.number(),
  unit: LengthUnit,
  words: z.array(Word.extend({ polygon: Polygon })),
  lines: z.array(Line.extend({ polygon: Polygon })),
}).strip()
export type LocalPage = z.infer<typeof LocalPage>

/** A page of a file that has no layout, as of Office: no size, no words, no polygons. */
export const PlainPage = Page.pick({ pageNumber: true, spans: true }).strict()
export type PlainPage = z.infer<typeof PlainPage>

/** One page's own text and layout, and what stands on it besides; null: nothing. Spans index this page's `content`. */
export const LocallyReadPage = z.object({
  content: z.string(),
  page: z.union([LocalPage, PlainPage]),
  parts: ResultParts.nullable(),
})
export type LocallyReadPage = z.infer<typeof LocallyReadPage>
export type LaidOutPage = LocallyReadPage & { page: LocalPage }
