import type { IncomingMessage } from 'node:http'
import { invalidParameter, plainError, serviceError } from './service-error.ts'

/** What the API description says a body may be, besides JSON. */
const RAW = new Set([
  'application/octet-stream',
  'application/pdf',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/bmp',
  'image/heif',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'text/html',
])
/** JSON around a base64 of so many bytes. */
const jsonLimit = (maxBytes: number): number => Math.ceil(maxBytes / 3) * 4 + 1024

/**
 * Reads an analyze request to its end, also when it is refused: who is still sending cannot read an answer.
 * @param maxBytes of the content
 * @returns the content's bytes
 * @throws ServiceError for what is too large, of an unknown type, or JSON without one source
 */
export async function readContent(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''
  const isJson = type === 'application/json'
  const body = await readUpTo(request, isJson ? jsonLimit(maxBytes) : maxBytes)
  if (!isJson && !RAW.has(type)) {
    throw plainError(415, 'UnsupportedMediaType', 'Request content type is not supported.')
  }
  if (body === 'too large') throw tooLarge()
  const content = isJson ? sourceOf(body) : body
  if (content.length > maxBytes) throw tooLarge()
  return content
}

const tooLarge = () =>
  serviceError(
    'InvalidRequest',
    'InvalidContentLength',
    'The input image is too large. Refer to documentation for the maximum file size.',
  )

async function readUpTo(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  return length > maxBytes ? 'too large' : Buffer.concat(chunks)
}

function sourceOf(json: Buffer): Buffer {
  const { urlSource, base64Source } = parse(json)
  if (urlSource !== undefined && base64Source !== undefined) {
    throw serviceError('InvalidArgument', 'InvalidContentSourceFormat', 'Invalid content source: more than one.')
  }
  if (urlSource !== undefined) {
    const message = 'Content is not accessible: the emulator fetches no URL.'
    throw serviceError('InvalidRequest', 'ContentSourceNotAccessible', message)
  }
  if (base64Source === undefined) {
    const message = 'The parameter urlSource or base64Source is required.'
    throw serviceError('InvalidArgument', 'ParameterMissing', message)
  }
  if (typeof base64Source !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64Source)) {
    throw invalidParameter('base64Source', 'it is no base64.')
  }
  return Buffer.from(base64Source, 'base64')
}

function parse(json: Buffer): { urlSource?: unknown; base64Source?: unknown } {
  try {
    const parsed = JSON.parse(json.toString())
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch {
    // Refused below, with what is JSON but no object.
  }
  throw serviceError(
    'InvalidArgument',
    'InvalidContentSourceFormat',
    'Invalid content source: the body is no JSON object.',
  )
}
