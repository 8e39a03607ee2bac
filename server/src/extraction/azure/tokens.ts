import { createReadStream } from 'node:fs'
import { getManyValues, isMany, none } from 'stream-chain/defs.js'
import { jsonParser, type Token } from 'stream-json/core/parser.js'
import { ExtractionError } from '../extractor.ts'

/**
 * The tokens of a JSON file, in batches, so that a document's whole text, which is one string, need not be held. Strings come in pieces
 * (startString, stringChunk, endString), keys and numbers whole, numbers with the digits they were written with.
 * @throws ExtractionError provider_answer_broken when the file ends too early or is no JSON
 */
export async function* readTokens(file: string): AsyncGenerator<Token[]> {
  const parse = jsonParser({
    packKeys: true,
    streamKeys: false,
    packStrings: false,
    packNumbers: true,
    streamNumbers: false,
  })
  for await (const text of createReadStream(file, { encoding: 'utf8', highWaterMark: 2 ** 18 }))
    yield attempt(() => parse(text))
  yield attempt(() => parse(none as never))
}

function attempt(parse: () => unknown): Token[] {
  try {
    const tokens = parse()
    return isMany(tokens) ? (getManyValues(tokens) as Token[]) : []
  } catch (error) {
    throw new ExtractionError('provider_answer_broken', error instanceof Error ? error.message : String(error))
  }
}

/** Says of each token of an object, one after another, below which of its keys it is; null for the keys themselves and the brackets. */
export function trackKeys(): (token: Token) => string | null {
  let depth = 0
  let key: string | null = null
  return (token) => {
    if (token.name === 'endObject' || token.name === 'endArray') depth--
    if (depth === 1 && token.name === 'keyValue') {
      key = token.value
      return null
    }
    const below = depth > 0 ? key : null
    if (token.name === 'startObject' || token.name === 'startArray') depth++
    return below
  }
}

/** PostgreSQL takes neither NUL nor half a surrogate pair, in text or in jsonb: each becomes U+FFFD, which is as long, so that no span moves. */
export const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()
