import { isAscii, isUtf8 } from 'node:buffer'
import chardet from 'chardet'
import iconv from 'iconv-lite'
import { latinEncoding } from './latin-encoding.ts'

/** Enough to tell encodings apart. What is not UTF-8 is looked for in all of the file, which is fast. */
const SAMPLE = 65_536

/** A character of UTF-8 that is cut off at the end has at most so many bytes. */
const LONGEST_TAIL = 3

/** Where a Latin encoding is guessed, its letters tell which. */
const LATIN = /^(iso-8859-(1|2|9|15)|windows-125[02478])$/i

/** The confidence of a guess that bytes are Chinese or Japanese of which there are few: "año" and "Größe" are, too. */
const FEW = 10

/** Share of a sample's bytes that are zero in UTF-16 of a Latin text without a mark, at every other place. */
const ZEROS = 0.3

/** Of fewer bytes, one zero would say too much. */
const ENOUGH = 8

const MARKS: [string, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** The encoding that a byte order mark at the beginning says, if there is one. */
const markedEncoding = (bytes: Buffer): string | null =>
  MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0] ?? null

const unmarkedUtf16 = (sample: Buffer): string | null => {
  if (sample.length < ENOUGH) return null
  const zeros = [0, 0]
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros.map((count) => (2 * count) / sample.length)
  if (odd > ZEROS && even < ZEROS / 10) return 'utf-16le'
  return even > ZEROS && odd < ZEROS / 10 ? 'utf-16be' : null
}

const withoutTail = (sample: Buffer): Buffer => {
  for (let cut = 0; cut <= LONGEST_TAIL; cut += 1) {
    const part = sample.subarray(0, sample.length - cut)
    if (isUtf8(part)) return part
  }
  return sample
}

/** UTF-8 whose last character may be cut off; of no other character beyond ASCII, that one is a last letter of another encoding, as in "café". */
const isUtf8Start = (bytes: Buffer): boolean => {
  if (isUtf8(bytes)) return true
  const start = withoutTail(bytes)
  return start.length < bytes.length && !isAscii(start)
}

const guess = (sample: Buffer): string => {
  const latin = latinEncoding(sample)
  // What is looked at here is neither, and they are guessed of a word with one accent.
  const [best] = chardet
    .analyse(sample)
    .filter(({ name }) => name !== 'UTF-8' && name !== 'ASCII' && iconv.encodingExists(name))
  if (!best || LATIN.test(best.name) || (best.confidence <= FEW && latin.cost === 0)) return latin.encoding
  // Few letters say little: half of all bytes are letters in any of them.
  return best.name.toLowerCase()
}

/** The encoding of a text, as iconv-lite calls it: what its mark says, UTF-8 where it is that, else a guess. */
export const detectEncoding = (bytes: Buffer): string => {
  const sample = bytes.subarray(0, SAMPLE)
  return markedEncoding(sample) ?? unmarkedUtf16(sample) ?? (isUtf8Start(bytes) ? 'utf-8' : guess(sample))
}

/** Decodes a text of any encoding. What its encoding does not have becomes U+FFFD. The mark is no part of it. */
export const decodeText = (bytes: Buffer, encoding = detectEncoding(bytes)): string => iconv.decode(bytes, encoding)

/** Of a file that may be large: in pieces. */
export function* decodePieces(bytes: Buffer, pieceBytes = 1_000_000): Generator<string> {
  const decoder = iconv.getDecoder(detectEncoding(bytes))
  for (let at = 0; at < bytes.length; at += pieceBytes) yield decoder.write(bytes.subarray(at, at + pieceBytes))
  yield decoder.end() ?? ''
}
