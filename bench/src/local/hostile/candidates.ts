import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ContentType } from '@adp/contract/document.ts'
import { hostileArchives } from './archives.ts'
import { mutate, randomOf } from './mutants.ts'
import { hostilePdfs } from './pdfs.ts'
import { hostilePictures } from './pictures.ts'
import { hostileTexts } from './texts.ts'
import { typeOf } from './type-of.ts'

/** A file that is to be read, made when it is its turn; null: it is refused when it is uploaded. */
export type Candidate = { kind: string; type: ContentType | null; make(): Buffer | Promise<Buffer> }

/** Larger files are as good, and take longer to read. */
const LARGEST_GOOD = 400_000

const BY_NAME: [start: string, type: ContentType][] = [
  ['pdf', 'application/pdf'],
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['bmp', 'image/bmp'],
  ['webp', 'image/webp'],
  ['heic', 'image/heic'],
  ['tiff', 'image/tiff'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['html', 'text/html'],
  ['csv', 'text/csv'],
  ['rtf', 'application/rtf'],
  ['eml', 'message/rfc822'],
  ['md', 'text/markdown'],
  ['text', 'text/plain'],
]
const typeByKind = (kind: string) => BY_NAME.find(([start]) => kind.startsWith(start))?.[1] ?? null

type GoodFile = { name: string; bytes: Buffer; type: ContentType }

/** What the corpus has: files that are bad, and good ones that the product takes, small ones only. */
async function readCorpus(corpus: string): Promise<{ good: GoodFile[]; bad: Candidate[] }> {
  const [good, bad]: [GoodFile[], Candidate[]] = [[], []]
  const entries = await readdir(corpus, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  for (const file of files.sort()) {
    const [name, bytes] = [path.basename(file), await readFile(file)]
    const type = await typeOf(bytes)
    if (path.basename(path.dirname(file)) === 'bad') bad.push({ kind: `bad/${name}`, type, make: () => readFile(file) })
    else if (bytes.length <= LARGEST_GOOD && type !== null) good.push({ name, bytes, type })
  }
  return { good, bad }
}

/** One of each type, cut off in three places. */
const cutOff = (good: GoodFile[]): Candidate[] =>
  [...new Map(good.map((file) => [file.type, file])).values()].flatMap(({ bytes, type }) =>
    [bytes.length / 3, (2 * bytes.length) / 3, bytes.length - 20].map((end) => ({
      ...{ kind: `cut off at ${Math.floor(end)}: ${type.split(/[/.]/).at(-1)}`, type },
      make: () => bytes.subarray(0, end),
    })),
  )

const mutants = (good: GoodFile[], count: number, seed: number): Candidate[] => {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, index) => {
    const file = good[random(good.length)] as GoodFile
    const { kind, bytes } = mutate(file.bytes, good[random(good.length)]?.bytes ?? file.bytes, random)
    return { kind: `mutant ${index}: ${kind} of ${file.name}`, type: file.type, make: () => bytes }
  })
}

/**
 * A good file first, then what means harm, and then so many made by chance of the corpus's good files.
 * @param only part of what a kind is called; empty: all
 */
export async function candidates(corpus: string, count: number, seed: number, only: string): Promise<Candidate[]> {
  const { good, bad } = await readCorpus(corpus)
  const bombs = [...hostilePdfs(), ...hostilePictures(), ...hostileArchives(), ...hostileTexts()].map(
    ({ kind, make }): Candidate => ({ kind, type: typeByKind(kind), make }),
  )
  const first = good.slice(0, 1).map(({ name, bytes, type }): Candidate => ({ kind: name, type, make: () => bytes }))
  const all = [...bad, ...bombs, ...cutOff(good), ...mutants(good, good.length > 0 ? count : 0, seed)]
  return [...first, ...all.filter(({ kind }) => kind.includes(only))]
}
