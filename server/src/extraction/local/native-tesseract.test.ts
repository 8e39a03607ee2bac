import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { spawnChild } from './child-process.ts'
import type { GreyImage } from './grey-image.ts'
import { findNativeTesseract } from './native-tesseract.ts'

/** Writes down how it was called. */
const program = (version: string, languages: string[], reading: string) => `
const { appendFileSync, readFileSync } = require('node:fs')
const args = process.argv.slice(2)
if (args[0] === '--version') console.log('tesseract ${version}\\n leptonica-1.82.0')
else if (args[0] === '--list-langs') console.log(${JSON.stringify(['List of available languages (2):', ...languages].join('\n'))})
else {
  const picture = readFileSync(0)
  appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify({ args, pid: process.pid, bytes: picture.length }) + '\\n')
  ${reading}
}
`
const ONE_WORD = `console.log('<html><span class="ocr_line" title="bbox 1 2 9 8"><span class="ocrx_word" title="bbox 1 2 9 8; x_wconf 90">ok</span></span></html>')`
const FOR_EVER = 'setInterval(() => {}, 1000)'

let folder = ''
/** A program called tesseract, the first on PATH. */
const put = async (version: string, languages: string[], reading: string) => {
  const script = join(folder, 'tesseract.cjs')
  await writeFile(script, program(version, languages, reading))
  // Node hands a child's permissions on to what that starts, if it is Node as well, as the real program is not.
  const start = `#!/bin/sh\nunset NODE_OPTIONS\nexec '${process.execPath}' '${script}' "$@"\n`
  await writeFile(join(folder, 'tesseract'), start)
  await chmod(join(folder, 'tesseract'), 0o755)
}
const calls = async (): Promise<{ args: string[]; pid: number; bytes: number }[]> =>
  (await readFile(join(folder, 'calls'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'native-tesseract-'))
  vi.stubEnv('PATH', folder)
  vi.stubEnv('TMPDIR', folder)
  await writeFile(join(folder, 'eng.traineddata.gz'), gzipSync('trained'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

const image: GreyImage = { width: 20, height: 10, data: Buffer.alloc(200, 255) }

test('a program that knows the languages reads with its own data', async () => {
  await put('5.3.0', ['eng', 'por'], ONE_WORD)
  const native = await findNativeTesseract(['eng', 'por'], folder)
  const lines = await native?.(image, 60_000)
  expect(lines).toEqual([
    { turns: 0, words: [{ text: 'ok', confidence: 0.9, box: { x: 1, y: 2, width: 8, height: 6 } }] },
  ])
  const [call] = await calls()
  expect(call?.args.join(' ')).toMatch(/^stdin stdout -l eng\+por --oem 1 -c user_defined_dpi=300 /)
  // The picture and its head: "P5\n20 10\n255\n".
  expect(call?.bytes).toBe(200 + 13)
})

test('for a language that it does not know it is given our data', async () => {
  await put('v5.0.1', ['fra'], ONE_WORD)
  const native = await findNativeTesseract(['eng'], folder)
  await native?.(image, 60_000)
  const args = (await calls())[0]?.args ?? []
  const data = args[args.indexOf('--tessdata-dir') + 1] ?? ''
  expect(await readFile(join(data, 'eng.traineddata'), 'utf8')).toBe('trained')
})

test('no program, an old one and one that is something else are not used', async () => {
  expect(await findNativeTesseract(['eng'], folder)).toBeNull()
  for (const version of ['4.1.1', 'of the Avengers']) {
    await put(version, ['eng'], ONE_WORD)
    expect(await findNativeTesseract(['eng'], folder)).toBeNull()
  }
})

test('a program that fails on a picture says why', async () => {
  await put('5.3.0', ['eng'], 'console.error("Image too small"); process.exitCode = 3')
  const native = await findNativeTesseract(['eng'], folder)
  await expect(native?.(image, 60_000)).rejects.toThrow('Tesseract ended with 3. Image too small')
})

test('a program that does not end is killed when the time is up', async () => {
  await put('5.3.0', ['eng'], FOR_EVER)
  const native = await findNativeTesseract(['eng'], folder)
  await expect(native?.(image, 1000)).rejects.toMatchObject({ code: 'page_timeout' })
  const [call] = await calls()
  await vi.waitFor(() => expect(isAlive(call?.pid ?? 0)).toBe(false))
})

test.each(['killed', 'crashed'])('it ends with the child process that started it: %s', async (how) => {
  await put('5.3.0', ['eng'], FOR_EVER)
  const script = join(folder, 'reads.mjs')
  await writeFile(
    script,
    `import { findNativeTesseract } from ${JSON.stringify(join(import.meta.dirname, 'native-tesseract.ts'))}
const native = await findNativeTesseract(['eng'], ${JSON.stringify(folder)})
process.on('message', () => process.abort())
await native({ width: 1, height: 1, data: Buffer.alloc(1) }, 600_000)`,
  )
  const log = pino({ level: 'silent' })
  const child = spawnChild({ script, args: [], folder, memoryBytes: 2 ** 29, mayStartPrograms: true, log })
  await vi.waitFor(calls, { timeout: 60_000 })
  const [{ pid } = { pid: 0 }] = await calls()
  expect(isAlive(pid)).toBe(true)
  if (how === 'killed') child.kill()
  else child.send({ type: 'ack' })
  await child.exited
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 })
})
