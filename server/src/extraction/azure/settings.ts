import { AnalyzeOptions } from '@adp/contract/extraction-options.ts'
import { z } from 'zod'

const number = z.coerce.number({ error: ({ code }) => (code === 'invalid_type' ? 'not a number' : undefined) })
/** 0: no limit. */
const pages = number.int().min(0).default(0)
const { model, locale, output_format } = AnalyzeOptions.shape

/** The settings of the provider Azure, by the names of their environment variables. Without an endpoint it is not configured. */
export const AZURE_SETTINGS = {
  AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: z
    .url({
      protocol: /^https?$/,
      abort: true,
      error: 'has to be an address like https://name.cognitiveservices.azure.com',
    })
    // It is in the log, the database and what this says: what else is in an address may be secret.
    .refine((url) => {
      const { username, password, search, hash } = new URL(url)
      return username + password + search + hash === ''
    }, 'has to be an address alone, without a user, a password or a query')
    // Plain http would send key and documents in the open; to this machine it is an emulator.
    .refine(
      (url) => url.startsWith('https:') || ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname),
      'has to be https',
    )
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  AZURE_DOCUMENT_INTELLIGENCE_KEY: z.string().optional(),
  AZURE_MODEL: model.unwrap().default('prebuilt-read'),
  AZURE_MODEL_FALLBACK: z.stringbool().default(false),
  AZURE_FEATURES: z
    .string()
    .transform((list) => list.split(',').map((feature) => feature.trim()))
    .pipe(AnalyzeOptions.shape.features.unwrap())
    .optional(),
  AZURE_LOCALE: locale,
  AZURE_OUTPUT_FORMAT: output_format,
  AZURE_POSTS_PER_SECOND: number.positive().default(15),
  AZURE_GETS_PER_SECOND: number.positive().default(50),
  AZURE_DAILY_PAGES: pages,
  AZURE_MONTHLY_PAGES: pages,
  AZURE_QUOTA_ACTION: z.enum(['wait', 'fail']).default('wait'),
}

/**
 * How many requests may go out at once after a pause: two thirds of what a second has. The service's own bucket has room for a second's
 * worth, and requests that leave in order arrive a little bunched: in a storm on two busy cores, with three quarters 2 of 2,171 were above the limit.
 */
export const rateOf = (perSecond: number) => ({ perSecond, burst: Math.max(1, Math.floor((perSecond * 2) / 3)) })
