import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { ContentType } from '@adp/contract/document.ts'
import pino from 'pino'
import { type ExtractedPage, ExtractionError } from '../../../server/src/extraction/extractor.ts'
import { createLocalExtractor } from '../../../server/src/extraction/local/local-extractor.ts'
import { percentile, table } from '../report.ts'
import { hostileArchives } from './hostile/archives.ts'
import { watchChildren } from './hostile/children.ts'
import { mutate, randomOf } from './hostile/mutants.ts'
import { hostilePdfs } from './hostile/pdfs.ts'
import { hostilePictures } from './hostile/pictures.ts'
import { hostileTexts } from './hostile/texts.ts'
import { typeOf } from './hostile/type-of.ts'

/**
 * npm run bench:local:hostile -- CORPUS [--mutants 500] [--seed 1] [--only TEXT] [--skip 0]
 *
 * Has the local extractor, children and all, read files that mean harm: those below CORPUS/bad, bombs made here, good files of the corpus cut
 * off, and so many made of them by chance. Each has to get an answer with a stable code within 15 s, a page or the end, and no child may
 * have more memory than it is allowed. In the end this process has to be about as large as it was. Exits with 1 otherwise. Linux only.
 */

const ANSWER_SECONDS = 15
const MEMORY_BYTES = 2 ** 30
/** What a worker may keep: compiled code, and room that its allocator does not give back. */
const KEPT_BYTES = 100 * 2 ** 20
/** Larger files are as good, and take longer to read. */
const LARGEST_GOOD = 400_000

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mutants: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    skip: { type: 'string', default: '0' },
  },
})
const [corpus] = positionals
if (!corpus)
  throw new Error('npm run bench:local:hostile -- CORPUS [--mutants 500] [--seed 1] [--only TEXT] [--skip 0]')

type Candidate = { kind: string; type: ContentType | null; make(): Buffer | Promise<Buffer> }

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

/** Files that the product takes, with their type. */
const good: { name: string; bytes: Buffer; type: ContentType }[] = []
const bad: Candidate[] = []
for (const entry of (await readdir(corpus, { recursive: true, withFileTypes: true })).sort((a, b) =>
  `${a.parentPath}/${a.name}` < `${b.parentPath}/${b.name}` ? -1 : 1,
)) {
  if (!entry.isFile()) continue
  const file = path.join(entry.parentPath, entry.name)
  if (path.basename(entry.parentPath) === 'bad') {
    bad.push({ kind: `bad/${entry.name}`, type: await typeOf(await readFile(file)), make: () => readFile(file) })
    continue
  }
  const bytes = await readFile(file)
  const type = bytes.length <= LARGEST_GOOD ? await typeOf(bytes) : null
  if (type !== null) good.push({ name: entry.name, bytes, type })
}

/** One of each type, cut off in three places. */
const cutOff = [...new Map(good.map((file) => [file.type, file])).values()].flatMap(({ bytes, type }): Candidate[] =>
  [bytes.length / 3, (2 * bytes.length) / 3, bytes.length - 20].map((end) => ({
    ...{ kind: `cut off at ${Math.floor(end)}: ${type.split(/[/.]/).at(-1)}`, type },
    make: () => bytes.subarray(0, end),
  })),
)

const bombs = [...hostilePdfs(), ...hostilePictures(), ...hostileArchives(), ...hostileTexts()].map(
  ({ kind, make }): Candidate => ({ kind, type: typeByKind(kind), make }),
)

const random = randomOf(Number(options.seed))
const mutants = Array.from({ length: good.length > 0 ? Number(options.mutants) : 0 }, (_, index): Candidate => {
  const file = good[random(good.length)] as (typeof good)[number]
  const { kind, bytes } = mutate(file.bytes, good[random(good.length)]?.bytes ?? file.bytes, random)
  return { kind: `mutant ${index}: ${kind} of ${file.name}`, type: file.type, make: () => bytes }
})

const extractor = createLocalExtractor({
  maxChildren: 1,
  memoryBytes: MEMORY_BYTES,
  pageTimeoutMs: 60_000,
  totalTimeoutMs: 3_600_000,
  maxPages: 5000,
  languages: ['eng', 'por'],
  log: pino({ level: 'silent' }),
})
const folder = await mkdtemp(path.join(tmpdir(), 'adp-hostile-'))
const watch = watchChildren()

type Line = {
  kind: string
  seconds: number
  /** The longest time without an answer: a page, or the end. */
  silence: number
  cpuSeconds: number
  outcome: string
  detail: string
  peak: number
}

async function send(kind: string, type: ContentType, file: string): Promise<Line> {
  const pages: Pick<ExtractedPage, 'failure'>[] = []
  const began = performance.now()
  let [silence, answeredAt] = [0, began]
  const answer = () => {
    silence = Math.max(silence, (performance.now() - answeredAt) / 1000)
    answeredAt = performance.now()
  }
  const onPage = async ({ failure }: ExtractedPage) => {
    answer()
    pages.push({ failure: failure ?? null })
  }
  const events = { onOpened: async () => {}, onPage }
  let [outcome, detail] = ['', '']
  try {
    const input = { path: file, contentType: type, pagesDone: new Set<number>(), options: { model: 'prebuilt-layout' } }
    await extractor.begin(input, events, new AbortController().signal)
    const failed = pages.filter(({ failure }) => failure)
    const all = failed.length === pages.length ? 'none of ' : ''
    outcome = `${all}${pages.length} pages${failed.length > 0 ? `, ${failed.length} ${failed[0]?.failure?.code}` : ''}`
    detail = failed[0]?.failure?.detail ?? ''
  } catch (error) {
    outcome = error instanceof ExtractionError ? error.code : 'an error without a code'
    detail = String(error instanceof Error ? error.message : error)
  }
  answer()
  return { kind, seconds: (performance.now() - began) / 1000, silence, outcome, detail, ...watch.take() }
}

const collect = async () => {
  globalThis.gc?.()
  await new Promise((resolve) => setTimeout(resolve, 200))
  globalThis.gc?.()
  return process.memoryUsage().rss
}

// A good one first: what it compiles stays.
if (good[0]) {
  await writeFile(path.join(folder, 'document'), good[0].bytes)
  await send('warm-up', good[0].type, path.join(folder, 'document'))
}
const before = await collect()
const lines: Line[] = []
const broken: string[] = []
const chosen = [...bad, ...bombs, ...cutOff, ...mutants].filter(({ kind }) => kind.includes(options.only))
for (const { kind, type, make } of chosen.slice(Number(options.skip))) {
  const file = path.join(folder, 'document')
  await writeFile(file, await make())
  globalThis.gc?.()
  const line =
    type === null
      ? { kind, seconds: 0, silence: 0, cpuSeconds: 0, outcome: 'unsupported_type', detail: '', peak: 0 }
      : await send(kind, type, file)
  lines.push(line)
  const faults = [
    line.silence > ANSWER_SECONDS && `${line.silence.toFixed(1)} s (${line.cpuSeconds.toFixed(1)} s of work)`,
    line.peak > MEMORY_BYTES && `${Math.round(line.peak / 2 ** 20)} MB`,
    /without a code|internal_error/.test(line.outcome) && line.outcome,
  ].filter(Boolean)
  if (faults.length > 0) broken.push(`${kind}: ${faults.join(', ')}`)
  const figures = `${line.seconds.toFixed(1)} s, work ${line.cpuSeconds.toFixed(1)} s, ${Math.round(line.peak / 2 ** 20)} MB`
  if (!kind.startsWith('mutant') || faults.length > 0)
    console.log(
      `${faults.length > 0 ? 'BROKEN' : 'ok'}  ${kind}: ${line.outcome}, ${figures}  ${line.detail.slice(0, 150).replaceAll('\n', ' ')}`,
    )
}
watch.stop()
await extractor.close()
await rm(folder, { recursive: true })
const after = await collect()

const outcomes = Object.groupBy(lines, ({ outcome }) => outcome.replace(/\d+ pages/, 'pages').replace(/\d+ /, ''))
console.log(
  table(
    Object.entries(outcomes).map(([outcome, found = []]) => ({
      outcome,
      files: found.length,
      'p50 s': percentile(
        found.map(({ seconds }) => seconds),
        50,
      ).toFixed(2),
      'slowest s': Math.max(...found.map(({ seconds }) => seconds)).toFixed(1),
      'peak MB': Math.round(Math.max(...found.map(({ peak }) => peak)) / 2 ** 20),
    })),
  ),
)
const [megabytesBefore, megabytesAfter] = [before, after].map((bytes) => Math.round(bytes / 2 ** 20))
console.log(`${lines.length} files; this process had ${megabytesBefore} MB before and has ${megabytesAfter} MB after.`)
if (after > before + KEPT_BYTES) broken.push(`this process: ${megabytesAfter} MB after ${megabytesBefore} MB`)
for (const line of broken) console.error(`BROKEN  ${line}`)
process.exitCode = broken.length > 0 ? 1 : 0
