import type { ContentType } from '@adp/contract/document.ts'
import type { LocalModel } from '@adp/contract/extraction-options.ts'
import type { Context } from '../src/extraction/local/context.ts'
import { withPdfName } from '../src/extraction/local/file-name.ts'
import type { LocallyReadPage } from '../src/extraction/local/local-page.ts'
import { readPdf } from '../src/extraction/local/pdf.ts'
import { readPictures } from '../src/extraction/local/picture.ts'
import type { Tesseract } from '../src/extraction/local/tesseract.ts'

/** A page may take as long as it needs. */
const NO_LIMIT_MS = 600_000

/** Reads a file as a child process of the worker does, in this process. */
export async function readInProcess(
  path: string,
  contentType: ContentType,
  tesseract: Tesseract,
  model: LocalModel = 'prebuilt-layout',
): Promise<LocallyReadPage[]> {
  const pages: LocallyReadPage[] = []
  const context: Context = {
    request: {
      type: 'extract',
      wanted: 'pages',
      drawing: null,
      searchable: null,
      path,
      contentType,
      model,
      pagesDone: [],
      careful: false,
      pages: null,
      attachments: null,
      limits: { maxPages: 5000, pageTimeoutMs: NO_LIMIT_MS },
    },
    emitter: {
      opened: async () => {},
      page: async (page) => void pages.push(page),
      unreadable: async (page, { code, detail }) => {
        pages.push(page)
        console.error(`${path}, page ${page.page.pageNumber}: ${code}, ${detail}`)
      },
      attachment: async () => {},
      left: async () => {},
      frames: () => {},
      progress: () => {},
      ending: () => {},
      warning: (page, detail) => console.error(`${path}, page ${page}: ${detail}`),
    },
    tesseract,
    ocrBudgetMs: NO_LIMIT_MS,
  }
  if (contentType === 'application/pdf')
    await withPdfName(path, (named) => readPdf({ ...context, request: { ...context.request, path: named } }))
  else await readPictures(context)
  return pages
}
