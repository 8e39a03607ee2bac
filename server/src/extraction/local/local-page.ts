import { Line, Page, Word } from '@adp/contract/analyze-result.ts'
import { LengthUnit, Polygon } from '@adp/contract/geometry.ts'
import { z } from 'zod'

/** A page as the local engine makes it: what another provider may leave out is there. */
export const LocalPage = Page.extend({
  angle: z.number(),
  width: z.number(),
  height: z.number(),
  unit: LengthUnit,
  words: z.array(Word.extend({ polygon: Polygon })),
  lines: z.array(Line.extend({ polygon: Polygon })),
}).strip()
export type LocalPage = z.infer<typeof LocalPage>

/** One page's own text and layout. Spans index this page's `content`. */
export type LocallyReadPage = { content: string; page: LocalPage }
