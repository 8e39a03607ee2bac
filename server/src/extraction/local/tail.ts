import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** Enough for the last words of a native crash or a stack trace. */
const KEPT = 2000

/** Reads a stream to its end and keeps only its last part. Returns how to look at that. */
export const keepTail = (stream: Readable): (() => string) => {
  const decoder = new StringDecoder('utf8')
  let tail = ''
  stream.on('data', (chunk: Buffer) => {
    tail = (tail + decoder.write(chunk)).slice(-KEPT)
  })
  stream.on('error', () => {})
  return () => tail.trim()
}
