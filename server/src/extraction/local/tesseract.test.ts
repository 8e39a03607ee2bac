import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { textImage } from '../../../test/fixtures.ts'
import { type GreyImage, prepareForOcr } from './grey-image.ts'
import { findLanguageData, gatherFiles } from './language-data.ts'
import type { OcrEngine } from './ocr-engine.ts'
import { createTesseract } from './tesseract.ts'

let folder = ''
let image: GreyImage
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tesseract-'))
  gatherFiles(findLanguageData(['eng']), folder)
  image = await prepareForOcr(sharp(await textImage('Dear reader', 'png')), { width: 1240, height: 1754 })
  vi.stubEnv('PATH', folder)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

const NATIVE =
  '<html><span class="ocr_line" title="bbox 1 2 9 8"><span class="ocrx_word" title="bbox 1 2 9 8">native</span></span></html>'
const put = async (reading: string) => {
  const asked = `process.argv[2] === '--version' ? 'tesseract 5.0.0' : process.argv[2] === '--list-langs' ? 'eng' : ''`
  await writeFile(
    join(folder, 'tesseract'),
    `#!${process.execPath}\nif (${asked}) console.log(${asked})\nelse ${reading}`,
  )
  await chmod(join(folder, 'tesseract'), 0o755)
}
const read = async (engine: OcrEngine) =>
  (await createTesseract(['eng'], folder, engine)(image, 60_000)).flatMap(({ words }) => words.map(({ text }) => text))

test.each<[string, string | null, OcrEngine, string[]]>([
  ['none on PATH', null, 'auto', ['Dear', 'reader']],
  ['one on PATH', `console.log(${JSON.stringify(NATIVE)})`, 'auto', ['native']],
  ['one on PATH that is not wanted', `console.log(${JSON.stringify(NATIVE)})`, 'bundled', ['Dear', 'reader']],
  ['one that fails on the picture', 'process.exitCode = 1', 'auto', ['Dear', 'reader']],
  ['one that does not speak hOCR', 'console.log("Dear <reader")', 'auto', ['Dear', 'reader']],
])('%s', async (_, reading, engine, words) => {
  if (reading !== null) await put(reading)
  expect(await read(engine)).toEqual(words)
})
