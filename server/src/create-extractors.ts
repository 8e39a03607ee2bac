import type { Provider } from '@adp/contract/extraction-options.ts'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Pool } from './db/client.ts'
import type { QuotaSettings } from './documents/provider-events.ts'
import { createAutoExtractor } from './extraction/auto-extractor.ts'
import { rateOf } from './extraction/azure/settings.ts'
import type { Extractor } from './extraction/extractor.ts'
import { createLocalExtractor, type LocalExtractor } from './extraction/local/local-extractor.ts'

export type Extractors = {
  extractors: Partial<Record<Provider, Extractor>>
  /** The one of them that helps others, too. */
  local: LocalExtractor
  defaultProvider: Provider
  quota: QuotaSettings
  close(): Promise<void>
}

/** The extractors that the settings name: the local one always, Azure's where it has an endpoint, and then it is the default. */
export async function createExtractors(config: Config, pool: Pool, log: Logger): Promise<Extractors> {
  const local = createLocalExtractor({
    maxChildren: config.WORKER_CONCURRENCY,
    memoryBytes: config.EXTRACTION_MEMORY_MB * 1024 * 1024,
    pageTimeoutMs: config.EXTRACTION_PAGE_TIMEOUT_SECONDS * 1000,
    totalTimeoutMs: config.EXTRACTION_TIMEOUT_SECONDS * 1000,
    maxPages: config.MAX_PAGES,
    languages: config.OCR_LANGUAGES,
    ocrEngine: config.OCR_ENGINE,
    startsAhead: true,
    log,
  })
  const limit = (pages: number) => (pages === 0 ? null : pages)
  const quota: QuotaSettings = {
    daily: limit(config.AZURE_DAILY_PAGES),
    monthly: limit(config.AZURE_MONTHLY_PAGES),
    whenUsedUp: config.AZURE_QUOTA_ACTION,
  }
  const { AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: endpoint, AZURE_DOCUMENT_INTELLIGENCE_KEY: key } = config
  const close = () => local.close()
  if (endpoint === undefined)
    return { extractors: { local }, local, defaultProvider: config.EXTRACTION_PROVIDER ?? 'local', quota, close }

  // Loaded where they are used: the SDKs are 60 MB of memory that a worker without them does not need.
  const { createAzureExtractor } = await import('./extraction/azure/azure-extractor.ts')
  const { createService } = await import('./extraction/azure/service.ts')
  const credential = key === undefined ? new (await import('@azure/identity')).DefaultAzureCredential() : { key }
  const azure = createAzureExtractor({
    service: createService(endpoint, credential),
    db: pool,
    measure: local.measure,
    defaults: {
      model: config.AZURE_MODEL,
      features: config.AZURE_FEATURES,
      locale: config.AZURE_LOCALE,
      output_format: config.AZURE_OUTPUT_FORMAT,
    },
    fallBackToLayout: config.AZURE_MODEL_FALLBACK,
    rates: { post: rateOf(config.AZURE_POSTS_PER_SECOND), get: rateOf(config.AZURE_GETS_PER_SECOND) },
    log,
  })
  const auto = createAutoExtractor(local, azure)
  return {
    extractors: { local, azure, auto },
    local,
    defaultProvider: config.EXTRACTION_PROVIDER ?? 'azure',
    quota,
    close,
  }
}
