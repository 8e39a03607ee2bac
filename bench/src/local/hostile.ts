import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { ContentType } from '@adp/contract/document.ts'
import pino from 'pino'
import { type ExtractedPage, ExtractionError } from '../../../server/src/extraction/extractor.ts'
import { createLocalExtractor } from '../../../server/src/extraction/local/local-extractor.ts'
import { folderOf } from '../folder.ts'
import { percentile, table } from '../report.ts'
import { watchChildren } from './hostile/children.ts'

/**
 * npm run bench:local:hostile -- CORPUS [--mutants 500] [--seed 1] [--only TEXT] [--skip 0]
 *
 * Has the local extractor, children and all, read files that mean harm: those below CORPUS/bad, bombs made here, good files of the corpus cut
 * off, and so many made of them by chance. Each has to get an answer with a stable code within 15 s, a page or the end, and no child, with the
 * programs that it runs, may have more memory than it is allowed. In the end this process has to be about as large as it was. Exits with 1
 * otherwise. Time in which they could have gone on and had no core, on a busy machine, is told and not counted. Linux only.
 */

const ANSWER_SECONDS = 15
const MEMORY_BYTES = 2 ** 30
/** What a worker may keep: compiled code, and room that its allocator does not give back. */
const KEPT_BYTES = 100 * 2 ** 20

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mutants: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    skip: { type: 'string', default: '0' },
  },
})
const usage = 'npm run bench:local:hostile -- CORPUS [--mutants 500] [--seed 1] [--only TEXT] [--skip 0]'
const corpus = folderOf(positionals[0], usage)

const maker = fork(new URL('./hostile/maker.ts', import.meta.url), [
  ...[corpus, options.mutants, options.seed, options.only],
])
const [all] = (await once(maker, 'message')) as [{ kind: string; type: ContentType | null }[]]
const make = async (index: number, file: string) => {
  maker.send({ index, file })
  await once(maker, 'message')
}

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
const watch = watchChildren(maker.pid)

type Line = {
  kind: string
  seconds: number
  /** The longest time without an answer: a page, or the end. */
  silence: number
  /** That without the time in which the children could have gone on and had no core. */
  ownSilence: number
  cpuSeconds: number
  outcome: string
  detail: string
  peak: number
}

const NONE = { seconds: 0, silence: 0, ownSilence: 0, cpuSeconds: 0, detail: '', peak: 0 }

async function send(kind: string, type: ContentType, file: string): Promise<Line> {
  const pages: Pick<ExtractedPage, 'failure'>[] = []
  const began = performance.now()
  const spentBefore = watch.spent()
  let last = { at: began, ...spentBefore }
  let [silence, ownSilence] = [0, 0]
  const answer = () => {
    const now = { at: performance.now(), ...watch.spent() }
    const [wall, cpu, waited] = [(now.at - last.at) / 1000, now.cpu - last.cpu, now.waited - last.waited]
    silence = Math.max(silence, wall)
    // Threads that wait at the same time count each, so that it is never less than the work that was done.
    ownSilence = Math.max(ownSilence, Math.min(wall, Math.max(cpu, wall - waited)))
    last = now
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
  const cpuSeconds = last.cpu - spentBefore.cpu
  const seconds = (last.at - began) / 1000
  return { kind, seconds, silence, ownSilence, cpuSeconds, outcome, detail, peak: watch.takePeak() }
}

const collect = async () => {
  globalThis.gc?.()
  await new Promise((resolve) => setTimeout(resolve, 200))
  globalThis.gc?.()
  return process.memoryUsage().rss
}

const file = path.join(folder, 'document.pdf')
const before: number[] = []
const lines: Line[] = []
const broken: string[] = []
for (const [index, { kind, type }] of all.entries()) {
  if (index > 0 && index <= Number(options.skip)) continue
  await make(index, file)
  const refused: Line = { ...NONE, kind, outcome: 'unsupported_type' }
  const line = type === null ? refused : await send(kind, type, file)
  // The first is a good one: what it compiles stays.
  if (before.length === 0) {
    before.push(await collect())
    continue
  }
  lines.push(line)
  const faults = [
    line.ownSilence > ANSWER_SECONDS && `${line.silence.toFixed(1)} s, ${line.ownSilence.toFixed(1)} s of them its own`,
    line.peak > MEMORY_BYTES && `${Math.round(line.peak / 2 ** 20)} MB`,
    /without a code|internal_error/.test(line.outcome) && line.outcome,
  ].filter(Boolean)
  if (faults.length > 0) broken.push(`${kind}: ${faults.join(', ')}`)
  const figures = `${line.seconds.toFixed(1)} s, work ${line.cpuSeconds.toFixed(1)} s, silent for ${line.silence.toFixed(1)} s, ${Math.round(line.peak / 2 ** 20)} MB`
  if (!kind.startsWith('mutant') || faults.length > 0)
    console.log(
      `${faults.length > 0 ? 'BROKEN' : 'ok'}  ${kind}: ${line.outcome}, ${figures}  ${line.detail.slice(0, 150).replaceAll('\n', ' ')}`,
    )
}
watch.stop()
maker.kill()
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
const [megabytesBefore, megabytesAfter] = [before[0] ?? 0, after].map((bytes) => Math.round(bytes / 2 ** 20))
console.log(`${lines.length} files; this process had ${megabytesBefore} MB before and has ${megabytesAfter} MB after.`)
if (after > (before[0] ?? 0) + KEPT_BYTES) broken.push(`this process: ${megabytesAfter} MB after ${megabytesBefore} MB`)
for (const line of broken) console.error(`BROKEN  ${line}`)
process.exitCode = broken.length > 0 ? 1 : 0
