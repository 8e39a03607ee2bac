import { invalidParameter, serviceError } from './service-error.ts'

export type StringIndexType = 'textElements' | 'unicodeCodePoint' | 'utf16CodeUnit'

/** The query of an analyze request, valid. */
export type AnalyzeOptions = {
  modelId: string
  stringIndexType: StringIndexType
  contentFormat: 'text' | 'markdown'
  features: ReadonlySet<string>
  queryFields: string[]
  /** Inclusive ranges of page numbers; undefined is all pages. */
  pageRanges?: { from: number; to: number }[]
}

/** Of 2024-11-30, from learn.microsoft.com/azure/ai-services/document-intelligence/model-overview. */
const MODELS = new Set(
  'read layout invoice receipt idDocument contract creditCard marriageCertificate.us healthInsuranceCard.us bankStatement.us check.us payStub.us mortgage.us.1003 mortgage.us.1004 mortgage.us.1005 mortgage.us.1008 mortgage.us.closingDisclosure tax.us tax.us.w2 tax.us.w4 tax.us.1040 tax.us.1095A tax.us.1095C tax.us.1098 tax.us.1098E tax.us.1098T tax.us.1099'
    .split(' ')
    .map((name) => `prebuilt-${name}`),
)
const FEATURES = new Set('ocrHighResolution languages barcodes formulas keyValuePairs styleFont queryFields'.split(' '))
const MAX_QUERY_FIELDS = 20

/**
 * @param customModels ids beside the prebuilt ones
 * @throws ServiceError of the first parameter that is wrong
 */
export function readAnalyzeOptions(
  modelId: string,
  query: URLSearchParams,
  customModels: readonly string[],
): AnalyzeOptions {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._~-]{1,63}$/.test(modelId)) throw invalidParameter('ModelId', 'The model ID is invalid.')
  if (!MODELS.has(modelId) && !customModels.includes(modelId)) {
    const message = 'The requested model was not found. It may have been deleted or is still building.'
    throw serviceError('NotFound', 'ModelNotFound', message)
  }
  checkLocale(query.get('locale'))
  const features = new Set(list(query, 'features'))
  for (const feature of features) {
    if (!FEATURES.has(feature))
      throw invalidParameter('Features', `The feature ${feature} is invalid or not supported.`)
    if (modelId === 'prebuilt-read' && (feature === 'keyValuePairs' || feature === 'queryFields')) {
      throw invalidParameter('Features', `The feature ${feature} is not supported by ${modelId}.`)
    }
  }
  const pages = query.get('pages')
  return {
    modelId,
    stringIndexType: oneOf(query, 'StringIndexType', ['textElements', 'unicodeCodePoint', 'utf16CodeUnit']),
    contentFormat: oneOf(query, 'OutputContentFormat', ['text', 'markdown']),
    features,
    queryFields: readQueryFields(list(query, 'queryFields'), features),
    ...(pages === null ? {} : { pageRanges: readPages(pages) }),
  }
}

const list = (query: URLSearchParams, name: string): string[] =>
  query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter(Boolean)

/** The parameter's name begins with a small letter in the query, and with a capital in the service's messages. */
function oneOf<Value extends string>(query: URLSearchParams, name: string, values: [Value, ...Value[]]): Value {
  const given = query.get(`${name.charAt(0).toLowerCase()}${name.slice(1)}`)
  if (given === null) return values[0]
  const value = values.find((one) => one === given)
  if (!value) throw invalidParameter(name, `The value must be one of ${values.join(', ')}.`)
  return value
}

/** A language that ICU has a name for, and a well-formed tag. */
function checkLocale(locale: string | null): void {
  if (locale === null) return
  try {
    const { language } = new Intl.Locale(locale)
    if (new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(language)) return
  } catch {
    // What is not well-formed is refused like what is unknown.
  }
  throw invalidParameter('Locale', 'The language code is invalid or not supported.')
}

function readPages(pages: string): { from: number; to: number }[] {
  return pages.split(',').map((part) => {
    const [, first, last] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? []
    const [from, to] = [Number(first), Number(last ?? first)]
    if (!(from >= 1 && to >= from)) throw invalidParameter('Pages', 'The page range is invalid.')
    return { from, to }
  })
}

function readQueryFields(names: string[], features: ReadonlySet<string>): string[] {
  if (names.length > 0 && !features.has('queryFields')) {
    throw invalidParameter('QueryFields', 'The feature queryFields is required.')
  }
  if (names.length > MAX_QUERY_FIELDS || names.some((name) => !/^[\p{L}\p{M}\p{N}_]{1,64}$/u.test(name))) {
    throw invalidParameter('QueryFields', `At most ${MAX_QUERY_FIELDS} names of letters, digits and underscores.`)
  }
  return names
}

/**
 * The page numbers that are analyzed, in order.
 * @param limit pages the tier reads; what is above it is left out without a word
 * @throws ServiceError when a range reaches beyond the document
 */
export function pagesToAnalyze({ pageRanges }: AnalyzeOptions, pagesTotal: number, limit: number): number[] {
  const all = Array.from({ length: pagesTotal }, (_, index) => index + 1)
  if (!pageRanges) return all.slice(0, limit)
  if (pageRanges.some(({ to }) => to > pagesTotal)) {
    throw invalidParameter('Pages', 'The page range is beyond the pages of the document.')
  }
  return all.filter((page) => pageRanges.some(({ from, to }) => page >= from && page <= to)).slice(0, limit)
}
