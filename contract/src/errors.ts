import { z } from 'zod'
import { JOB_ERRORS } from './job-errors.ts'

/** What a code means wherever it turns up: in a problem document, in a job, on the page. */
export type ErrorMeaning = {
  /** HTTP status when the code answers a request. Codes that only end a job have none. */
  readonly status?: number
  /** True when the same job may succeed later without anybody changing anything. */
  readonly retryable: boolean
  /** What happened, in a sentence a person understands. */
  readonly message: string
  /** What to do about it. */
  readonly action: string
}

const meaning = <const T extends Record<string, ErrorMeaning>>(table: T) => table

/** Every error code of the product. A code, once published, is never renamed or reused. */
export const ERRORS = meaning({
  // Requests
  invalid_request: {
    status: 400,
    retryable: false,
    message: 'The request is not valid.',
    action: 'Correct the fields named in `detail` and send it again.',
  },
  malformed_upload: {
    status: 400,
    retryable: false,
    message: 'The upload is not a readable multipart/form-data body.',
    action: 'Send the files as multipart/form-data in the field `files`.',
  },
  no_file: {
    status: 400,
    retryable: false,
    message: 'The upload has no file.',
    action: 'Send at least one file in the multipart field `files`.',
  },
  upload_interrupted: {
    status: 400,
    retryable: true,
    message: 'The upload broke off before its end. Nothing of it was kept.',
    action: 'Send it again.',
  },
  upload_expired: {
    status: 503,
    retryable: true,
    message: 'The upload stood still for so long that its bytes were cleaned away. Nothing of it was kept.',
    action: 'Send it again.',
  },
  not_found: {
    status: 404,
    retryable: false,
    message: 'There is nothing at this address.',
    action: 'See /openapi.json for the addresses there are.',
  },
  document_not_found: {
    status: 404,
    retryable: false,
    message: 'There is no document with this id.',
    action: 'Check the id; the document may have been deleted.',
  },
  page_not_found: {
    status: 404,
    retryable: false,
    message: 'The document has no page with this number.',
    action: 'Ask for a page between 1 and the number of pages of the document.',
  },
  page_not_drawable: {
    status: 422,
    retryable: false,
    message: 'The page cannot be shown as a picture.',
    action: 'Its text is there all the same. Download the original to see it.',
  },
  table_not_found: {
    status: 404,
    retryable: false,
    message: 'The document has no table with this number.',
    action: 'Ask for a table between 1 and the number of tables that `GET /documents/{id}/exports` tells.',
  },
  export_unavailable: {
    status: 422,
    retryable: false,
    message: 'The document cannot be exported in this format.',
    action: 'Take another format; Markdown, text and JSON are there for every document that is COMPLETED.',
  },
  export_in_progress: {
    status: 503,
    retryable: true,
    message: 'The file is still being made.',
    action: 'Ask for it again in a few seconds.',
  },
  result_not_ready: {
    status: 409,
    retryable: true,
    message: 'The document has no result yet.',
    action: 'Ask for its status, and for the result once that is COMPLETED.',
  },
  job_in_progress: {
    status: 409,
    retryable: true,
    message: 'The document is being processed already.',
    action: 'Wait until its status is COMPLETED or FAILED.',
  },
  job_finished: {
    status: 409,
    retryable: false,
    message: 'The document is not being processed, so there is nothing to cancel.',
    action: 'Nothing has to be done. Ask for its status to see how it ended.',
  },
  no_failed_page: {
    status: 409,
    retryable: false,
    message: 'Every page could be read, so there is nothing to read again.',
    action: 'Nothing has to be done. To read the whole document again, leave `pages` out.',
  },
  request_too_large: {
    status: 413,
    retryable: false,
    message: 'The body of the request is larger than this address takes.',
    action: 'Send a smaller body.',
  },
  file_too_large: {
    status: 413,
    retryable: false,
    message: 'The file is larger than this server accepts.',
    action: 'Send a smaller file, or raise MAX_UPLOAD_BYTES.',
  },
  too_many_files: {
    status: 413,
    retryable: false,
    message: 'The upload has more files than this server accepts at once.',
    action: 'Send fewer files at a time, or raise MAX_UPLOAD_FILES.',
  },
  unsupported_type: {
    status: 415,
    retryable: false,
    message: 'The file is of a type that cannot be processed.',
    action:
      'Send a PDF, a picture (PNG, JPEG, TIFF, WebP, BMP, GIF, HEIC), text (TXT, Markdown, CSV, HTML, RTF), an Office file (DOCX, XLSX, PPTX, ODT, ODS, ODP), or a mail (EML, MSG). Save older Office files (DOC, XLS, PPT) and XLSB as DOCX, XLSX or PPTX first. The bytes decide, not the name.',
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    message: 'The body of the request is of a type that this address does not take.',
    action: 'See /openapi.json for what it takes.',
  },
  range_not_satisfiable: {
    status: 416,
    retryable: false,
    message: 'The file has no such range of bytes.',
    action: 'Ask for a range inside the size of the file.',
  },
  file_empty: {
    status: 422,
    retryable: false,
    message: 'The file is empty.',
    action: 'Send a file with content.',
  },
  idempotency_key_reused: {
    status: 422,
    retryable: false,
    message: 'This Idempotency-Key was used for other files or options.',
    action: 'Use a new key for a new upload.',
  },
  unavailable: {
    status: 503,
    retryable: true,
    message: 'The database or the storage cannot be reached at the moment.',
    action: 'Try again in a few seconds.',
  },
  internal_error: {
    status: 500,
    retryable: true,
    message: 'Something went wrong inside the server.',
    action: 'Try again. If it happens again, look in the log of the server for the request (`instance`) or the job.',
  },

  ...JOB_ERRORS,
})

export type ErrorCode = keyof typeof ERRORS

export const ErrorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]])

/** RFC 9457 problem document, with our stable `code` and the `action` that helps. */
export const Problem = z
  .object({
    type: z.string().describe('`about:blank`: `code` identifies the problem'),
    title: z.string().describe('What happened, the same sentence for every problem of this code'),
    status: z.int(),
    detail: z.string().describe('What happened this time'),
    code: ErrorCode,
    action: z.string().describe('What to do about it'),
    instance: z.string().describe('The request, as the log of the server names it in `reqId`'),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
