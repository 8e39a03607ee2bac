import path from 'node:path'
import type { Readable } from 'node:stream'
import type { ContentType } from '@adp/contract/document.ts'
import type { BaseLogger } from 'pino'
import type { Pool } from '../db/client.ts'
import { ExtractionError } from '../extraction/extractor.ts'
import type { PageDrawer } from '../extraction/local/page-drawer.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { keepDerived } from './derived-blobs.ts'
import { withLocalCopy } from './local-copy.ts'
import { ProblemError } from './problem.ts'
import { type ResultJob, readContentRow } from './read-documents.ts'
import { readPage } from './read-result.ts'

/** Widths that are kept, so that nobody fills the storage with a picture of each: what is asked for is rounded up to one of them. */
const WIDTHS = [400, 800, 1200, 1600, 2400] as const
export const LARGEST_WIDTH = 2400

export type PictureDeps = {
  pool: Pool
  blobs: BlobStore
  drawer: Pick<PageDrawer, 'draw'>
  log: Pick<BaseLogger, 'warn'>
}

/** Which picture: of which bytes, which page in the file, how wide. */
type Wanted = {
  documentId: string
  content: { blob_key: string; content_type: ContentType; sha256: string }
  pageNumber: number
  width: number
  inches: { width: number; height: number }
}

export type PagePicture = {
  /** The same for the same picture for ever, in quotes. */ etag: string
  read(): Promise<Readable>
}

/** Pictures of pages, drawn when they are first asked for and kept in the storage; each is drawn once by this process, however many ask. */
export function createPagePictures(deps: PictureDeps) {
  const drawing = new Map<string, Promise<string>>()
  const closing = new AbortController()

  /** @returns the key of the blob */
  async function make(etag: string, wanted: Wanted): Promise<string> {
    const underWay = drawing.get(etag)
    if (underWay) return underWay
    const made = draw(deps, wanted, closing.signal).finally(() => drawing.delete(etag))
    drawing.set(etag, made)
    return made
  }

  return {
    /**
     * The picture of the n-th page that was read, WebP, at least `width` pixels wide where the page has as many.
     * @throws ProblemError page_not_found; `read`: page_not_drawable, document_not_found; BlobMissingError, StorageError
     */
    async find(documentId: string, job: ResultJob, n: number, width: number): Promise<PagePicture> {
      const [content, result] = await Promise.all([readContentRow(deps.pool, documentId), readPage(deps.pool, job, n)])
      const page = result.pages[0]
      if (!isDrawn(content.content_type))
        throw new ProblemError('page_not_drawable', `Pages of ${content.content_type} have no layout.`)
      if (!page?.width || !page.height)
        throw new ProblemError('page_not_drawable', `It is not known how large page ${n} is.`)
      const wanted: Wanted = {
        documentId,
        content,
        pageNumber: page.pageNumber,
        width: WIDTHS.find((kept) => kept >= width) ?? LARGEST_WIDTH,
        inches: { width: page.width, height: page.height },
      }
      const etag = `"${documentId}-${wanted.pageNumber}-${wanted.width}"`
      return {
        etag,
        read: async () => deps.blobs.read((await findKey(deps.pool, wanted)) ?? (await make(etag, wanted))),
      }
    },
    /** Ends what is being drawn. */
    close: () => closing.abort(new ProblemError('unavailable', 'The server is being stopped.')),
  }
}

/** Others have no pages but in the programs that show them. */
export const isDrawn = (type: ContentType) => type === 'application/pdf' || type.startsWith('image/')

export type PagePictures = ReturnType<typeof createPagePictures>

async function findKey(pool: Pool, { documentId, pageNumber, width }: Wanted): Promise<string | null> {
  const { rows } = await pool.query<{ blob_key: string }>(
    'SELECT blob_key FROM page_pictures WHERE document_id = $1 AND page_number = $2 AND width = $3',
    [documentId, pageNumber, width],
  )
  return rows[0]?.blob_key ?? null
}

async function draw(deps: PictureDeps, wanted: Wanted, signal: AbortSignal): Promise<string> {
  const { pageNumber, width, inches, content } = wanted
  try {
    return await withLocalCopy(deps.blobs, content, signal, async (file) => {
      const output = path.join(path.dirname(file), 'picture.webp')
      const document = { path: file, contentType: content.content_type }
      await deps.drawer.draw(document, { pageNumber, width, inches, output }, signal)
      return store(deps, wanted, output)
    })
  } catch (error) {
    if (!(error instanceof ExtractionError)) throw error
    deps.log.warn(
      { document_id: wanted.documentId, page: pageNumber, code: error.code, detail: error.message },
      'a page cannot be drawn',
    )
    throw new ProblemError('page_not_drawable', `Page ${pageNumber} cannot be drawn: ${error.code}.`, { cause: error })
  }
}

/** @returns the key of the picture that is kept: another process may have drawn it meanwhile */
async function store({ pool, blobs }: PictureDeps, wanted: Wanted, file: string): Promise<string> {
  const key = await keepDerived({ pool, blobs }, wanted.documentId, file, async (client, newKey) => {
    const { rowCount } = await client.query(
      'INSERT INTO page_pictures (document_id, page_number, width, blob_key) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [wanted.documentId, wanted.pageNumber, wanted.width, newKey],
    )
    return rowCount === 1
  })
  const kept = key ?? (await findKey(pool, wanted))
  if (kept === null) throw new ProblemError('document_not_found')
  return kept
}
