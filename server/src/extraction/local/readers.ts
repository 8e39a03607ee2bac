import type { ContentType } from '@adp/contract/document.ts'
import type { Context } from './context.ts'
import { withPdfName } from './file-name.ts'
import { measureFlow, type OpenFlow, readFlow } from './flow/read-flow.ts'
import { openHtml, openMarkdown } from './html/open-html.ts'
import { openEml } from './mail/open-eml.ts'
import { openMsg } from './mail/open-msg.ts'
import { openDocx } from './office/docx/open-docx.ts'
import { ENCRYPTED } from './office/encrypted.ts'
import { openOdp, openOds, openOdt } from './office/odf/open-odf.ts'
import { openPptx } from './office/pptx/open-pptx.ts'
import { openXlsx } from './office/xlsx/open-xlsx.ts'
import { measurePdf, readPdf, readTextOfPdf } from './pdf.ts'
import { measurePictures, nameLeftPictures, readPictures } from './picture.ts'
import { openRtf } from './rtf/open-rtf.ts'
import { openCsv } from './text/open-csv.ts'
import { openText } from './text/open-text.ts'

/** How a file of one type is read, how its text alone is, and how its pages are counted and measured only. */
export type Reader = Record<Context['request']['wanted'], (context: Context) => Promise<void>>

const ofPdf =
  (read: (context: Context) => Promise<void>) =>
  (context: Context): Promise<void> =>
    withPdfName(context.request.path, (path) => read({ ...context, request: { ...context.request, path } }))

const PDF: Reader = { pages: ofPdf(readPdf), text: ofPdf(readTextOfPdf), frames: ofPdf(measurePdf) }

const PICTURE: Reader = { pages: readPictures, text: nameLeftPictures, frames: measurePictures }

const flow = (open: OpenFlow): Reader => ({
  pages: (context) => readFlow(open, context),
  text: (context) => readFlow(open, context),
  frames: (context) => measureFlow(open, context),
})

export const READERS: Record<ContentType, Reader> = {
  'application/pdf': PDF,
  'image/png': PICTURE,
  'image/jpeg': PICTURE,
  'image/tiff': PICTURE,
  'image/webp': PICTURE,
  'image/bmp': PICTURE,
  'image/gif': PICTURE,
  'image/heic': PICTURE,
  'image/heif': PICTURE,
  'text/plain': flow(openText),
  'text/markdown': flow(openMarkdown),
  'text/csv': flow(openCsv),
  'text/html': flow(openHtml),
  'application/rtf': flow(openRtf),
  'message/rfc822': flow(openEml),
  'application/vnd.ms-outlook': flow(openMsg),
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': flow(openDocx),
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': flow(openXlsx),
  'application/vnd.ms-excel.sheet.macroenabled.12': flow(openXlsx),
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': flow(openPptx),
  'application/vnd.oasis.opendocument.text': flow(openOdt),
  'application/vnd.oasis.opendocument.spreadsheet': flow(openOds),
  'application/vnd.oasis.opendocument.presentation': flow(openOdp),
  'application/x-tika-ooxml-protected': ENCRYPTED,
}
