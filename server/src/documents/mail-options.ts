import type { ContentType } from '@adp/contract/document.ts'
import { type ExtractionOptions, LocalModel, type Provider } from '@adp/contract/extraction-options.ts'
import type { Extractor } from '../extraction/extractor.ts'

const withLocalModel = ({ model, ...options }: ExtractionOptions): ExtractionOptions =>
  LocalModel.safeParse(model).success ? { model, ...options } : options

/** A mail is read here, whoever is to read what is attached to it: its text is in it, and Azure reads no mails. */
export const mailOptions = (options: ExtractionOptions | null): ExtractionOptions => ({
  ...withLocalModel(options ?? {}),
  provider: 'local',
})

/**
 * How an attachment is read: as its mail was asked to be, so that who has asked for Azure pays for it here too; but whole, since page numbers
 * are those of one file. What Azure does not read, which is not known before the mail is opened, is read here.
 */
export const attachmentOptions = (
  options: ExtractionOptions | null,
  type: ContentType,
  extractors: Partial<Record<Provider, Pick<Extractor, 'reads'>>>,
): ExtractionOptions | null => {
  if (options === null) return null
  const { pages: _, ...others } = options
  if (others.provider !== 'azure' || extractors.azure?.reads?.(type) !== false) return others
  return { ...withLocalModel(others), provider: 'local' }
}
