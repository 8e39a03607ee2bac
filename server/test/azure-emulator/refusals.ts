/** An error of the service: its HTTP status, its code, and the code that says more. The gateway's own have only the first two. */
export type Refusal = { status: number; code: string; message: string; inner?: { code: string; message: string } }

export const refusalBody = ({ code, message, inner }: Refusal) => ({
  error: { code, message, ...(inner && { innererror: inner }) },
})

const invalid = (code: string, message: string): Refusal => ({
  ...{ status: 400, code: 'InvalidArgument', message: 'Invalid argument.' },
  inner: { code, message },
})

export const UNAUTHORIZED: Refusal = {
  ...{ status: 401, code: '401' },
  message: 'Access denied due to invalid subscription key or wrong API endpoint.',
}
export const TOO_MANY: Refusal = {
  ...{ status: 429, code: '429' },
  message: 'Requests to the Analyze Document operation have exceeded the rate limit of your current pricing tier.',
}
export const NO_OPERATION: Refusal = {
  ...{ status: 404, code: 'NotFound', message: 'Resource not found.' },
  inner: { code: 'OperationNotFound', message: 'The requested operation was not found.' },
}

const PREBUILT = ['read', 'layout', 'invoice', 'receipt', 'idDocument'].map((name) => `prebuilt-${name}`)
const FORMATS = ['%PDF-', '\x89PNG\r\n', '\xff\xd8\xff', 'II*\0', 'MM\0*', 'BM', 'PK\x03\x04']
const KNOWN = new Set([
  'api-version',
  'pages',
  'locale',
  'stringIndexType',
  'features',
  'queryFields',
  'outputContentFormat',
])

/** What the service refuses of a document to be analyzed, null when it takes it. */
export function refuse(model: string, query: URLSearchParams, body: Buffer, customModels: string[]): Refusal | null {
  if (query.get('api-version') !== '2024-11-30')
    return { status: 404, code: 'NotFound', message: `Unsupported api-version ${query.get('api-version')}.` }
  if (![...PREBUILT, ...customModels].includes(model))
    return {
      ...{ status: 404, code: 'NotFound', message: 'Resource not found.' },
      inner: { code: 'ModelNotFound', message: `The requested model ${model} was not found.` },
    }
  const strange = [...query.keys()].find((name) => !KNOWN.has(name))
  if (strange) return invalid('InvalidParameter', `The parameter ${strange} is invalid.`)
  const locale = query.get('locale')
  if (locale !== null && !/^[a-z]{2,3}(-[A-Z][A-Za-z]+)?$/.test(locale))
    return invalid(
      'InvalidParameter',
      'The parameter Locale is invalid: The language code is invalid or not supported.',
    )
  const pages = query.get('pages')
  if (pages !== null && !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(pages))
    return invalid('InvalidParameter', 'The parameter pages is invalid.')
  const index = query.get('stringIndexType')
  if (index !== null && !['textElements', 'unicodeCodePoint', 'utf16CodeUnit'].includes(index))
    return invalid('InvalidParameter', 'The parameter stringIndexType is invalid.')
  if (body.length === 0) return invalid('InvalidContentLength', 'The input is empty.')
  const head = body.subarray(0, 8).toString('latin1')
  if (!FORMATS.some((format) => head.startsWith(format)))
    return {
      ...{ status: 400, code: 'InvalidRequest', message: 'Invalid request.' },
      inner: { code: 'InvalidContent', message: 'The file is corrupted or format is unsupported.' },
    }
  return null
}
