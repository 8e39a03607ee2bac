import { z } from 'zod'
import { PageRanges } from './page-ranges.ts'

/**
 * Who reads a document: `local` this server, `azure` Azure Document Intelligence, `auto` this server what carries its own text, which is free,
 * and Azure the other pages; on the former there is what this server's model of that name finds, words alone where it has none.
 */
export const PROVIDERS = ['local', 'azure', 'auto'] as const
export const Provider = z.enum(PROVIDERS)
export type Provider = z.infer<typeof Provider>

/** The models of Azure's that the provider `local` has too: words and lines, what stands on a page besides, and the fields of two kinds of paper. */
export const LOCAL_MODELS = ['prebuilt-read', 'prebuilt-layout', 'prebuilt-invoice', 'prebuilt-receipt'] as const
export const LocalModel = z.enum(LOCAL_MODELS)
export type LocalModel = z.infer<typeof LocalModel>

/** What is asked of Azure Document Intelligence, by its own names for it. */
export const AnalyzeOptions = z
  .object({
    model: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9._~-]{1,63}$/, 'Not the name of a model')
      .describe(
        `prebuilt-read, prebuilt-layout, prebuilt-invoice, prebuilt-receipt, prebuilt-idDocument, or one of your own; local has ${LOCAL_MODELS.join(', ')}`,
      ),
    features: z
      .array(z.string().regex(/^[a-zA-Z]+$/))
      .max(20)
      .describe('Add-ons, e.g. ocrHighResolution, keyValuePairs, queryFields'),
    query_fields: z
      .array(z.string().regex(/^[\p{L}\p{N}_]{1,64}$/u, 'Expected letters, digits and _, 64 at most'))
      .max(20)
      .describe('Fields to look for; the feature queryFields comes with them'),
    locale: z.string().regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]+)*$/, 'Not a language tag'),
    output_format: z.enum(['text', 'markdown']),
  })
  .partial()
export type AnalyzeOptions = z.infer<typeof AnalyzeOptions>

/** How a document is to be read; what is left out is as the server is configured. */
export const ExtractionOptions = AnalyzeOptions.extend({
  provider: Provider.optional(),
  pages: PageRanges.optional().describe(
    'Which pages are read, like 1-3,5; all without it. The result has these alone, each with its own `pageNumber`',
  ),
})
export type ExtractionOptions = z.infer<typeof ExtractionOptions>

const list = (text: string) => text.split(',').map((one) => one.trim())

/** The same as parameters of `POST /documents`; lists are separated by commas. */
export const ExtractionQuery = ExtractionOptions.extend({
  features: z.string().transform(list).pipe(AnalyzeOptions.shape.features.unwrap()).optional(),
  query_fields: z.string().transform(list).pipe(AnalyzeOptions.shape.query_fields.unwrap()).optional(),
})
