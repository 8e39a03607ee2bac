import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ExtractionError } from '../extractor.ts'
import { concernsOnePage, flowFailure, pdfFailure, pictureFailure } from './failure.ts'

test.each([
  ['PDF error: password required', 'file_encrypted'],
  ['PDF error: invalid PDF format', 'file_corrupt'],
  ['Cannot find module', 'internal_error'],
])('a PDF: %s', (message, code) => {
  expect(pdfFailure(new Error(message)).code).toBe(code)
})

test.each([
  ['Input image exceeds pixel limit', 'image_too_large'],
  ['VipsJpeg: premature end of JPEG image', 'file_corrupt'],
  ['Input file is missing: /x', 'internal_error'],
  ['Tesseract: out of memory', 'internal_error'],
  ['ENOSPC: no space left on device, write', 'internal_error'],
  ['wbuffer_write: write failed\nunix error: No space left on device', 'internal_error'],
])('a picture: %s', (message, code) => {
  expect(pictureFailure(new Error(message)).code).toBe(code)
})

test('a file without a layout: what the system says is not its fault, what a parser says is', async () => {
  const missing = await readFile('/nowhere/at/all').catch((error: unknown) => error)
  expect(flowFailure(missing).code).toBe('internal_error')
  expect(flowFailure(new Error('Quote Not Closed'))).toMatchObject({
    code: 'file_corrupt',
    message: 'Quote Not Closed',
  })
})

test('a stack that is exhausted is told as what it means', () => {
  const forEver = (): number => 1 + forEver()
  let thrown: unknown
  try {
    forEver()
  } catch (error) {
    thrown = error
  }
  expect(flowFailure(thrown)).toMatchObject({ code: 'file_corrupt', message: 'The file nests too deeply' })
})

test('a failure that has its code keeps it', () => {
  const failure = new ExtractionError('too_many_pages', '9 pages')
  expect(pdfFailure(failure)).toBe(failure)
  expect(pictureFailure(failure)).toBe(failure)
  expect(flowFailure(failure)).toBe(failure)
})

test('a page may fail alone, an engine that cannot start may not', () => {
  expect(concernsOnePage(new Error('Tesseract: bad picture'))).toBe(true)
  expect(concernsOnePage(new ExtractionError('page_timeout', 'OCR gave up'))).toBe(true)
  expect(concernsOnePage(new ExtractionError('internal_error', 'Tesseract cannot start'))).toBe(false)
})
