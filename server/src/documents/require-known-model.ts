import { type ExtractionOptions, LOCAL_MODELS, LocalModel } from '@adp/contract/extraction-options.ts'
import type { Config } from '../config.ts'
import { ProblemError } from './problem.ts'

type Settings = Partial<Pick<Config, 'EXTRACTION_PROVIDER' | 'AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT'>>

/**
 * Refuses at once a model that a document read here cannot have; which ones Azure has, only Azure knows.
 * @throws ProblemError model_not_found
 */
export function requireKnownModel(
  { provider, model }: Pick<ExtractionOptions, 'provider' | 'model'>,
  settings: Settings,
) {
  const byDefault = settings.AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT === undefined ? 'local' : 'azure'
  const reader = provider ?? settings.EXTRACTION_PROVIDER ?? byDefault
  if (reader !== 'local' || model === undefined || LocalModel.safeParse(model).success) return
  throw new ProblemError(
    'model_not_found',
    `The provider local has ${LOCAL_MODELS.join(', ')}; ${model} is not one of them.`,
  )
}
