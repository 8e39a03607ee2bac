import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LiteParse } from '@llamaindex/liteparse'
import { PDFDocument } from 'pdf-lib'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { withComplexity } from './complexity.ts'

const FULL = 'Text enough for a page, said again and again in words that have their vowels. '.repeat(14)
const WITHOUT_VOWELS = 'Wklv whaw zdv hqfrghg, vr lw lv qrw zkdw rqh vhhv. '.repeat(6)
const STAMP = 'Received 12 May'

const write = (document: PDFDocument, text: string) => {
  const page = document.addPage([600, 800])
  page.drawText(text, { x: 20, y: 700, size: 10, maxWidth: 500 })
  return page
}

test('is asked for where the text of a page is little or strange, and nowhere else', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'adp-complexity-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const document = await PDFDocument.create()
  const grey = sharp({ create: { width: 60, height: 80, channels: 3, background: '#ccc' } })
  const picture = await document.embedPng(await grey.png().toBuffer())
  write(document, FULL)
  write(document, STAMP).drawImage(picture, { x: 0, y: 0, width: 600, height: 800 })
  write(document, WITHOUT_VOWELS)
  const file = path.join(folder, 'three.pdf')
  await writeFile(file, await document.save())

  const found = []
  const parser = new LiteParse({ ocrEnabled: false, quiet: true })
  for await (const { result } of withComplexity(file, parser.parseBatches(file, { batchSize: 2 })))
    found.push(...result.pages.map(({ complexity }) => complexity))

  expect(found).toEqual([
    undefined,
    expect.objectContaining({ fullPageImage: true, isGarbled: false }),
    expect.objectContaining({ fullPageImage: false, isGarbled: true }),
  ])
})
