import { writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { Document } from '@adp/contract/document.ts'
import { PDFDocument, rgb } from 'pdf-lib'
import sharp from 'sharp'
import { beforeEach, expect, test, vi } from 'vitest'
import { useApi } from '../../test/api.ts'
import { blankPdf, corruptPdf } from '../../test/fixtures.ts'
import { emptyTables } from '../../test/jobs.ts'
import { upload } from '../../test/run-start.ts'
import { createPagePictures } from '../documents/page-pictures.ts'
import { requireResult } from '../documents/read-result.ts'
import { deleteStaleBlobs } from '../documents/unowned-blobs.ts'
import type { PageDrawer } from '../extraction/local/page-drawer.ts'
import * as queue from '../queue/job-queue.ts'
import * as liveness from '../queue/liveness.ts'

const api = useApi()

beforeEach(async () => {
  await emptyTables(api.pool)
})

type Frame = { pageNumber: number; width: number; height: number; unit: 'inch' | 'pixel' }

/** A document whose pages were read, and have these sizes. */
async function add(name: string, bytes: Buffer, frames: Frame[]): Promise<string> {
  const [document] = await upload(api.url, { [name]: bytes })
  const id = await liveness.registerWorker(api.pool, { name: 'test worker', version: '1', slots: 1 })
  const [job] = await queue.claim(api.pool, { id }, 1)
  if (!job) throw new Error('no job is due')
  await queue.recordPagesTotal(api.pool, job, frames.length, 'local')
  for (const [n, frame] of frames.entries())
    await queue.storePage(api.pool, job, { number: n + 1, content: '', page: { ...frame, spans: [] } })
  await queue.complete(api.pool, job)
  return (document as Document).id
}

const get = (id: string, page: number, query = '', headers: Record<string, string> = {}) =>
  fetch(`${api.url}/documents/${id}/pages/${page}/picture${query}`, { headers })

async function pictureOf(response: Response) {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp'])
  const bytes = Buffer.from(await response.arrayBuffer())
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)]
  return { width: info.width, height: info.height, at }
}

const isRed = ([r = 0, g = 0, b = 0]: number[]) => r > 180 && g < 90 && b < 90
const isWhite = (rgb: number[]) => rgb.every((value) => value > 230)

/** 4 by 2 inches, red in the top left quarter, turned by the file for whoever looks at it. */
async function redCornerPdf(): Promise<Buffer> {
  const pdf = await PDFDocument.create()
  pdf.addPage([288, 144])
  const page = pdf.addPage([288, 144])
  page.drawRectangle({ x: 0, y: 72, width: 144, height: 72, color: rgb(1, 0, 0) })
  return Buffer.from(await pdf.save())
}

const redCorner = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } }).composite([
    { input: { create: { width: width / 2, height: height / 2, channels: 3, background: '#f00' } }, left: 0, top: 0 },
  ])

const PDF_PAGE: Frame = { pageNumber: 2, width: 4, height: 2, unit: 'inch' }

test('a page of a PDF, by its number in the file, at a width that is kept', async () => {
  const id = await add('a.pdf', await redCornerPdf(), [PDF_PAGE])
  const { width, height, at } = await pictureOf(await get(id, 1, '?width=700'))
  expect([width, height]).toEqual([800, 400])
  expect([isRed(at(100, 50)), isWhite(at(700, 50)), isWhite(at(100, 350))]).toEqual([true, true, true])
})

test.each(['png', 'jpeg', 'webp'] as const)('a picture, %s, no larger than it is', async (format) => {
  const bytes = await sharp(await redCorner(200, 100).png().toBuffer())
    .toFormat(format)
    .toBuffer()
  const id = await add(`a.${format}`, bytes, [{ pageNumber: 1, width: 200, height: 100, unit: 'pixel' }])
  const { width, height, at } = await pictureOf(await get(id, 1))
  expect([width, height, isRed(at(20, 20)), isWhite(at(180, 80))]).toEqual([200, 100, true, true])
})

test('a picture is turned as its EXIF says, like the polygons on it', async () => {
  // 6: turn it clockwise to see it, so that the corner at the top left is at the top right.
  const bytes = await sharp(await redCorner(200, 100).png().toBuffer())
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const id = await add('a.jpg', bytes, [{ pageNumber: 1, width: 100, height: 200, unit: 'pixel' }])
  const { width, height, at } = await pictureOf(await get(id, 1))
  expect([width, height, isRed(at(80, 20)), isWhite(at(20, 20))]).toEqual([100, 200, true, true])
})

test('each page of a TIFF', async () => {
  const blank = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  const pages = [blank, await redCorner(200, 100).png().toBuffer()]
  const bytes = await sharp(pages, { join: { animated: true } })
    .tiff()
    .toBuffer()
  const frames = [1, 2].map((pageNumber) => ({ pageNumber, width: 200, height: 100, unit: 'pixel' as const }))
  const id = await add('a.tiff', bytes, frames)
  expect(isRed((await pictureOf(await get(id, 1))).at(20, 20))).toBe(false)
  expect(isRed((await pictureOf(await get(id, 2))).at(20, 20))).toBe(true)
})

test('it is drawn once and kept, however many ask at once, and a browser that has it is told so', async () => {
  const id = await add('a.pdf', await redCornerPdf(), [PDF_PAGE])
  const before = await api.countBlobs()
  const answers = await Promise.all([get(id, 1, '?width=300'), get(id, 1, '?width=400'), get(id, 1, '?width=399')])
  for (const answer of answers) await pictureOf(answer)
  expect(await api.countBlobs()).toBe(before + 1)
  const { rows } = await api.pool.query('SELECT FROM unowned_blobs')
  expect(rows).toHaveLength(0)
  const etag = answers[0]?.headers.get('etag') ?? ''
  expect(answers.map(({ headers }) => headers.get('etag'))).toEqual([etag, etag, etag])
  expect(answers[0]?.headers.get('cache-control')).toBe('private, max-age=86400')
  expect((await get(id, 1, '?width=400', { 'If-None-Match': etag })).status).toBe(304)
  expect((await get(id, 1, '?width=800', { 'If-None-Match': etag })).status).toBe(200)
  // It is not drawn again to be told so.
  await api.pool.query('DELETE FROM page_pictures')
  expect((await get(id, 1, '?width=400', { 'If-None-Match': etag })).status).toBe(304)
  expect((await api.pool.query('SELECT FROM page_pictures')).rowCount).toBe(0)
})

/** As another API process, whose drawer does this. */
function processWith(draw: () => Promise<void>) {
  const drawer: Pick<PageDrawer, 'draw'> = {
    draw: async (_document, { output }) => {
      await draw()
      await writeFile(output, 'a picture')
    },
  }
  const pictures = createPagePictures({ pool: api.pool, blobs: api.blobs, drawer, log: { warn: () => {} } })
  return async (id: string) => {
    const picture = await pictures.find(id, await requireResult(api.pool, id), 1, 400)
    return text(await picture.read())
  }
}

const unowned = async () => (await api.pool.query('SELECT FROM unowned_blobs')).rowCount

test('a process draws it once, however many ask at once; of two processes one keeps its picture', async () => {
  const id = await add('a.pdf', await redCornerPdf(), [PDF_PAGE])
  const before = await api.countBlobs()
  const draw = vi.fn(async () => {})
  const [one, other] = [processWith(draw), processWith(draw)]
  await Promise.all([one(id), one(id), one(id)])
  expect(draw).toHaveBeenCalledTimes(1)
  await api.pool.query('DELETE FROM page_pictures')
  const together = Promise.withResolvers<void>()
  let waiting = 0
  draw.mockImplementation(async () => {
    waiting += 1
    if (waiting === 2) together.resolve()
    await together.promise
  })
  expect(await Promise.all([one(id), other(id)])).toEqual(['a picture', 'a picture'])
  expect([await unowned(), await api.countBlobs()]).toEqual([0, before + 2])
})

test('a document that is deleted while its page is drawn leaves no picture', async () => {
  const id = await add('a.pdf', await redCornerPdf(), [PDF_PAGE])
  const before = await api.countBlobs()
  const read = processWith(async () => {
    await api.pool.query('UPDATE documents SET deleted_at = now() WHERE id = $1', [id])
  })
  await expect(read(id)).rejects.toMatchObject({ code: 'document_not_found' })
  expect([await unowned(), await api.countBlobs()]).toEqual([0, before])
})

test('when its document is deleted, nothing of it is left', async () => {
  const before = await api.countBlobs()
  const id = await add('a.pdf', await redCornerPdf(), [PDF_PAGE])
  await pictureOf(await get(id, 1))
  expect((await fetch(`${api.url}/documents/${id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await get(id, 1)).status).toBe(404)
  expect((await api.pool.query('SELECT FROM page_pictures')).rowCount).toBe(0)
  expect(await deleteStaleBlobs(api.pool, api.blobs)).toBe(1)
  expect(await api.countBlobs()).toBe(before)
})

test('what cannot be drawn has one code, and leaves nothing behind', async () => {
  const before = await api.countBlobs()
  const damaged = await add('damaged.pdf', corruptPdf(), [PDF_PAGE])
  const short = await add('short.pdf', await blankPdf(), [PDF_PAGE])
  const thin = await add('thin.pdf', await blankPdf(), [{ ...PDF_PAGE, pageNumber: 1, height: 1e9 }])
  const unknown = await add('unknown.pdf', await blankPdf(), [{ ...PDF_PAGE, width: 0, height: 0 }])
  for (const id of [damaged, short, thin, unknown]) {
    const response = await get(id, 1)
    expect(await response.json()).toMatchObject({ status: 422, code: 'page_not_drawable' })
    expect(response.headers.get('cache-control')).toBeNull()
  }
  expect(await api.countBlobs()).toBe(before + 4)
  expect(await (await get(damaged, 2)).json()).toMatchObject({ code: 'page_not_found' })
  for (const width of ['0', '2401', 'x'])
    expect(await (await get(damaged, 1, `?width=${width}`)).json()).toMatchObject({ code: 'invalid_request' })
})
