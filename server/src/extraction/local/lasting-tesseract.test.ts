import { access, chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { GreyImage } from './grey-image.ts'
import { createLastingTesseract } from './lasting-tesseract.ts'

/** Answers each name of a picture with one word, in two pieces, as a pipe may deliver it; what it does instead is in the picture's first pixel. */
const PROGRAM = `
const { appendFileSync, readFileSync } = require('node:fs')
const { createInterface } = require('node:readline')
console.log('<html>\\n <body>')
let pages = 0
createInterface({ input: process.stdin }).on('line', (name) => {
  const picture = readFileSync(name)
  appendFileSync(process.env.CALLS, JSON.stringify({ pid: process.pid, name, args: process.argv.slice(2), bytes: picture.length }) + '\\n')
  const what = picture[13]
  if (what === 1) { console.error('no picture'); process.exit(3) }
  if (what === 2) return
  pages += 1
  process.stdout.write("  <div class='ocr_page' title='bbox 0 0 20 10'>\\n   <span class='ocr_line' title='bbox 1 2 9 8'>")
  const rest = "<span class='ocrx_word' title='bbox 1 2 9 8; x_wconf 90'>w" + pages + "</span></span>\\n  </div>\\n"
  setImmediate(() => process.stdout.write(rest))
}).on('close', () => appendFileSync(process.env.CALLS, JSON.stringify({ pid: process.pid, ended: true }) + '\\n'))
`
const [FAILS, HANGS] = [1, 2]

let folder = ''
const picture = (first = 255): GreyImage => {
  const data = Buffer.alloc(200, 255)
  data[0] = first
  return { width: 20, height: 10, data }
}
const once = vi.fn(async () => [])
const start = () =>
  createLastingTesseract(
    [process.execPath, join(folder, 'program.cjs'), 'stdin', 'stdout'],
    { ...process.env, NODE_OPTIONS: '', CALLS: join(folder, 'calls') },
    once,
  )
const calls = async (): Promise<{ pid: number; name?: string; args: string[]; bytes: number }[]> =>
  (await readFile(join(folder, 'calls'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const wordOf = (lines: { words: { text: string }[] }[] | undefined) => lines?.[0]?.words[0]?.text

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lasting-tesseract-'))
  await writeFile(join(folder, 'program.cjs'), PROGRAM)
  // stdbuf's own options are taken off; the program it starts is the one that is there in the end.
  await writeFile(join(folder, 'stdbuf'), '#!/bin/sh\nshift\nexec "$@"\n')
  await chmod(join(folder, 'stdbuf'), 0o755)
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  vi.stubEnv('TMPDIR', folder)
  once.mockClear()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

test('one program reads picture after picture, each from a file that is gone afterwards', async () => {
  const tesseract = start()
  expect(await tesseract(picture(), 60_000)).toEqual([
    { turns: 0, words: [{ text: 'w1', confidence: 0.9, box: { x: 1, y: 2, width: 8, height: 6 } }] },
  ])
  expect(wordOf(await tesseract(picture(), 60_000))).toBe('w2')
  const [first, second] = await calls()
  expect(second?.pid).toBe(first?.pid)
  // The picture and its head: "P5\n20 10\n255\n".
  expect(first?.bytes).toBe(200 + 13)
  expect(first?.args).toEqual(['stdin', 'stdout', '-c', 'stream_filelist=1'])
  await expect(access(first?.name ?? '')).rejects.toMatchObject({ code: 'ENOENT' })
})

test('what comes while it is busy is read by another', async () => {
  const tesseract = start()
  const [one] = await Promise.all([tesseract(picture(), 60_000), tesseract(picture(), 1234)])
  expect(wordOf(one)).toBe('w1')
  expect(once).toHaveBeenCalledExactlyOnceWith(picture(), 1234)
})

test('one that fails says why, and the next picture has a new one', async () => {
  const tesseract = start()
  await tesseract(picture(), 60_000)
  await expect(tesseract(picture(FAILS), 60_000)).rejects.toThrow('Tesseract ended with 3. no picture')
  expect(wordOf(await tesseract(picture(), 60_000))).toBe('w1')
  // Of the one that failed nothing is left.
  expect((await readdir(folder)).filter((name) => name.startsWith('picture-'))).toHaveLength(1)
})

test('one that takes too long is killed, and the next picture has a new one', async () => {
  const tesseract = start()
  await tesseract(picture(), 60_000)
  await expect(tesseract(picture(HANGS), 500)).rejects.toMatchObject({ code: 'page_timeout' })
  const [{ pid } = { pid: 0 }] = await calls()
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow())
  expect(wordOf(await tesseract(picture(), 60_000))).toBe('w1')
})

test('one that was killed while it was idle is replaced', async () => {
  const tesseract = start()
  await tesseract(picture(), 60_000)
  const [{ pid } = { pid: 0 }] = await calls()
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow())
  await vi.waitFor(async () => expect(wordOf(await tesseract(picture(), 60_000))).toBe('w1'))
})

test('a program that cannot be started reads nothing, and nothing hangs', async () => {
  vi.stubEnv('PATH', join(folder, 'nowhere'))
  const tesseract = createLastingTesseract(['tesseract'], { ...process.env }, once)
  await expect(tesseract(picture(), 60_000)).rejects.toThrow(/Tesseract has ended|ENOENT/)
})
