import { fork, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { blankPdf } from '../fixtures.ts'
import { answersFor, readRecordings } from './recordings.ts'

const MAIN = path.join(import.meta.dirname, 'main.ts')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adp-azure-'))
})
afterEach(() => rm(folder, { recursive: true }))

const exitOf = (child: { once(event: 'exit', listener: (code: number | null) => void): unknown }) =>
  new Promise<number | null>((resolve) => child.once('exit', resolve))

async function run(...flags: string[]) {
  const child = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await new Promise<string[]>((resolve) =>
    createInterface(child.stdout).once('line', (first) => resolve([first])),
  )
  return { child, line: line ?? '', url: /http:\/\/\S+/.exec(line ?? '')?.[0] ?? '' }
}

async function analyze(url: string, key: string, body: Buffer) {
  const headers = { 'Ocp-Apim-Subscription-Key': key, 'content-type': 'application/pdf' }
  const analyzed = `${url}/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30`
  const posted = await fetch(analyzed, { method: 'POST', headers, body: new Uint8Array(body) })
  const location = posted.headers.get('operation-location') as string
  return (await (await fetch(location, { headers })).json()) as { status: string; analyzeResult: unknown }
}

/** A document and an answer to it, recorded as the manifest of a folder of recordings says. */
async function record() {
  const pdf = await blankPdf(3)
  await writeFile(path.join(folder, 'a.pdf'), pdf)
  await writeFile(path.join(folder, 'a.json'), JSON.stringify({ analyzeResult: { content: 'recorded' } }))
  const lines = ['file\tmodel\tsource_doc', 'a.json\tprebuilt-read\ta.pdf', 'b.json\tprebuilt-read\t-', 'c.json\t-\t-']
  await writeFile(path.join(folder, 'MANIFEST.tsv'), `${lines.join('\n')}\n`)
  return pdf
}

test('prints its address, gives recorded answers, and ends on SIGTERM', async () => {
  const pdf = await record()
  const pair = `${path.join(folder, 'a.pdf')}=${path.join(folder, 'a.json')}`
  for (const answers of [folder, pair]) {
    const { child, line, url } = await run('--key', 'k', '--analysis-ms', '0', '--answers', answers)
    expect(line).toBe(`Azure emulator is ready at ${url} with the key k`)
    expect(await analyze(url, 'k', pdf)).toMatchObject({ status: 'succeeded', analyzeResult: { content: 'recorded' } })
    child.kill('SIGTERM')
    expect(await exitOf(child)).toBe(0)
  }
})

test('the tier is a flag', async () => {
  const { child, url } = await run('--key', 'k', '--analysis-ms', '0', '--tier', 'F0')
  expect(await analyze(url, 'k', await blankPdf(3))).toMatchObject({
    analyzeResult: { pages: [{ pageNumber: 1 }, { pageNumber: 2 }] },
  })
  child.kill('SIGTERM')
  expect(await exitOf(child)).toBe(0)
})

test('tells its parent where it is, and ends when that is gone', async () => {
  const child = fork(MAIN, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const message = await new Promise((resolve) => child.once('message', resolve))
  expect(message).toEqual({ type: 'ready', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
  child.disconnect()
  expect(await exitOf(child)).toBe(0)
})

test.each([
  [['--prot', '1'], "Unknown option '--prot'"],
  [['--port', 'x'], 'usage'],
  [['--tier', 'S1'], 'usage'],
  [['--answers', '/nowhere'], '--answers /nowhere is neither a folder nor DOCUMENT=ANSWER.json'],
])('says what is wrong with %j', async (flags, said) => {
  const child = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] })
  const [told, code] = await Promise.all([text(child.stderr), exitOf(child)])
  expect(told).toContain(said)
  expect(code).toBe(1)
})

test('recordings: those of a model, with their documents where these are there', async () => {
  await record()
  const recordings = await readRecordings(folder)
  expect(recordings).toEqual([
    { answer: path.join(folder, 'a.json'), modelId: 'prebuilt-read', document: path.join(folder, 'a.pdf') },
    { answer: path.join(folder, 'b.json'), modelId: 'prebuilt-read' },
  ])
  expect([...(await answersFor([{ document: path.join(folder, 'a.pdf'), answer: 'x' }]))]).toEqual([
    [expect.stringMatching(/^[0-9a-f]{64}$/), 'x'],
  ])
  await writeFile(path.join(folder, 'MANIFEST.tsv'), 'name\n')
  await expect(readRecordings(folder)).rejects.toThrow('has no column file')
})
