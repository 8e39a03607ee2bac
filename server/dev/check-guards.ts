import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts'
import { runMain } from '../src/process.ts'
import { type Guard, readGuards } from './read-guards.ts'

/**
 * Breaks the guards of the queue and the storage (server/dev/guards), one at a time, in a copy of the project, and says which tests notice. One that nobody
 * notices has survived: there is a test missing.
 *
 *     npm run check-guards              all of them, half an hour; those of S3 need Swift
 *     npm run check-guards -- sweep     those whose name or file contains "sweep"
 */

const ROOT = path.resolve(import.meta.dirname, '../..')
const COPIED = ['contract', 'server', 'docs', 'package.json', 'tsconfig.json', 'vitest.config.ts']
/** A test that fails needs no simpler example here, and one that hangs is ended. */
const CONFIG = `
import { defineConfig, mergeConfig } from 'vitest/config'
import config from './vitest.config.ts'
export default mergeConfig(config, defineConfig({ test: { setupFiles: ['./no-shrinking.ts'], testTimeout: 30_000 } }))
`
const NO_SHRINKING = `
import fc from 'fast-check'
fc.configureGlobal({ endOnFailure: true })
`
const HANGS_AFTER_MS = 5 * 60_000
/** A statement that the database does not understand fails every test, and proves nothing. */
const NOT_VALID =
  /syntax error|SyntaxError|Transform failed|could not determine data type|does not exist|is ambiguous|operator is not unique|must be type|cannot be matched/

type Result = { failed: string[]; passed: number; messages: string }

async function main(words: string[]): Promise<void> {
  const guards = (await readGuards(path.join(import.meta.dirname, 'guards'))).filter((guard) =>
    words.every((word) => `${guard.guard} ${guard.file}`.includes(word)),
  )
  if (guards.length === 0) throw new Error(`No guard is called "${words.join(' ')}".`)
  await using cleanup = new AsyncDisposableStack()
  const ending = endOnSignal()
  const folder = await mkdtemp(path.join(tmpdir(), 'adp-guards-'))
  cleanup.defer(() => rm(folder, { recursive: true, force: true }))
  const copy = path.join(folder, 'copy')
  await copyProject(copy)
  const database = await openDatabase(folder)
  cleanup.defer(database.stop)
  const test = (files: string[]) => runTests(copy, files, database.url, ending)

  const whole = await test([...new Set(guards.flatMap((guard) => guard.tests))])
  if (whole.failed.length > 0)
    throw new Error(
      `With nothing broken these fail already: ${whole.failed.join(', ')}\n${whole.messages.slice(0, 5_000)}`,
    )
  process.stdout.write('| guard | tests that fail without it |\n|---|---|\n')
  for (const guard of guards) {
    const verdict = judge(await withBroken(copy, guard, () => test(guard.tests)))
    if (!verdict.noticed) process.exitCode = 1
    process.stdout.write(`| ${guard.guard} | ${verdict.text.replaceAll('|', '\\|')} |\n`)
  }
}

/** The signal that a person or a supervisor gives; the copy, the database and the tests are gone before this process is. */
function endOnSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => controller.abort(new Error('Interrupted.')))
  return controller.signal
}

async function copyProject(copy: string): Promise<void> {
  for (const name of COPIED) {
    const filter = (source: string) => path.basename(source) !== 'node_modules'
    await cp(path.join(ROOT, name), path.join(copy, name), { recursive: true, filter })
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'))
  await writeFile(path.join(copy, 'check-guards.config.ts'), CONFIG)
  await writeFile(path.join(copy, 'no-shrinking.ts'), NO_SHRINKING)
}

/** One server for all runs; each migrates a database of its own, with its own broken migrations. */
async function openDatabase(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const url = process.env.TEST_DATABASE_URL
  if (url) return { url, stop: async () => {} }
  return startEmbeddedPostgres(path.join(folder, 'postgres'), { settings: { fsync: 'off', max_connections: '300' } })
}

async function withBroken<T>(copy: string, guard: Guard, work: () => Promise<T>): Promise<T> {
  const file = path.join(copy, guard.file)
  const source = await readFile(file, 'utf8')
  const found = source.split(guard.text).length - 1
  if (found !== 1) throw new Error(`${guard.guard}: ${guard.file} has this ${found} times, not once:\n${guard.text}`)
  await writeFile(file, source.split(guard.text).join(guard.broken))
  try {
    return await work()
  } finally {
    await writeFile(file, source)
  }
}

async function runTests(copy: string, files: string[], databaseUrl: string, ending: AbortSignal): Promise<Result> {
  const report = path.join(copy, 'report.json')
  await rm(report, { force: true })
  const vitest = path.join(copy, 'node_modules/vitest/vitest.mjs')
  const args = ['run', '--config', 'check-guards.config.ts', '--reporter=json', `--outputFile=${report}`, ...files]
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: copy,
    env: { ...process.env, TEST_DATABASE_URL: databaseUrl, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([ending, AbortSignal.timeout(HANGS_AFTER_MS)]),
  })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  await once(child, 'close').catch((error) => {
    if (ending.aborted) throw ending.reason
    stderr += error
  })
  return readReport(report, stderr)
}

type Report = {
  testResults: {
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

async function readReport(file: string, stderr: string): Promise<Result> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return { failed: [], passed: 0, messages: stderr }
  const { testResults } = JSON.parse(text) as Report
  const tests = testResults.flatMap((result) => result.assertionResults)
  const failed = tests.filter(({ status }) => status === 'failed')
  return {
    failed: failed.map(({ fullName }) => fullName),
    passed: tests.filter(({ status }) => status === 'passed').length,
    messages: [...testResults.map(({ message }) => message), ...failed.flatMap((one) => one.failureMessages)].join(
      '\n',
    ),
  }
}

function judge({ failed, passed, messages }: Result): { noticed: boolean; text: string } {
  const [invalid] = NOT_VALID.exec(messages) ?? []
  if (invalid) return { noticed: false, text: `**NOT VALID**: ${invalid}` }
  if (failed.length === 0)
    return { noticed: false, text: passed > 0 ? '**SURVIVED**' : `**NOT RUN**: ${messages.slice(-300)}` }
  const shown = failed.slice(0, 3).join('<br>')
  return { noticed: true, text: failed.length > 3 ? `${shown}<br>and ${failed.length - 3} more` : shown }
}

if (import.meta.main) await runMain(() => main(process.argv.slice(2)))
