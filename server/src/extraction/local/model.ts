import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import { LOCAL_MODELS, LocalModel } from '@adp/contract/extraction-options.ts'
import { ExtractionError, type ExtractionInput } from '../extractor.ts'

/** Words and lines: what is read when nobody asks for more. */
export const DEFAULT_MODEL: LocalModel = 'prebuilt-read'

/** The model that a document is read with. Throws ExtractionError `model_not_found` for one that is somebody else's. */
export const localModelOf = ({ options }: Pick<ExtractionInput, 'options'>): LocalModel => {
  const model = LocalModel.safeParse(options?.model ?? DEFAULT_MODEL)
  if (model.success) return model.data
  throw new ExtractionError(
    'model_not_found',
    `This server reads with ${LOCAL_MODELS.join(', ')}; ${options?.model} is not one of them`,
  )
}

/** Whether the content is to be Markdown. */
export const isMarkdownWanted = ({ options }: Pick<ExtractionInput, 'options'>): boolean =>
  options?.output_format === 'markdown'

/** What describes a result of the local engine as a whole. */
export const headerOf = (model: LocalModel, contentFormat: 'text' | 'markdown' = 'text'): ResultHeader => ({
  apiVersion: '2024-11-30',
  modelId: model,
  stringIndexType: 'utf16CodeUnit',
  contentFormat,
})
