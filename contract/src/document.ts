import { z } from 'zod'
import { Attempt, Job, JobStatus } from './job.ts'

export const SUPPORTED_TYPES = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/tiff',
  'image/webp',
  'image/bmp',
  'image/gif',
  'image/heic',
  'image/heif',
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/html',
  'application/rtf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.ms-excel.sheet.macroenabled.12',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
  'message/rfc822',
  'application/vnd.ms-outlook',
  // An Office file with a password: which kind cannot be seen. Apache Tika's name for it.
  'application/x-tika-ooxml-protected',
] as const
export const ContentType = z.enum(SUPPORTED_TYPES)
export type ContentType = z.infer<typeof ContentType>

/** What other documents may be attached to. */
export const MAIL_TYPES = ['message/rfc822', 'application/vnd.ms-outlook'] as const satisfies ContentType[]
export const isMailType = (type: ContentType): boolean => MAIL_TYPES.some((mail) => mail === type)

/** Codes of the warnings in a mail's result that tell why files that are attached to it were not read. */
export const ATTACHMENT_LIMITS = ['too_many_attachments', 'attachments_too_deep', 'attachments_too_large'] as const
export const AttachmentLimit = z.enum(ATTACHMENT_LIMITS)
export type AttachmentLimit = z.infer<typeof AttachmentLimit>

/** The multipart field of `POST /documents`. */
export const UPLOAD_FIELD = 'files'

/** A document and the newest of its jobs: where it stands is that job's status, kept nowhere else. */
export const Document = z
  .object({
    id: z.uuid(),
    filename: z.string(),
    content_type: ContentType,
    size_bytes: z.int(),
    sha256: z.string().length(64).describe('Hex, of the bytes as they were received'),
    created_at: z.iso.datetime(),
    parent_document_id: z
      .uuid()
      .nullable()
      .describe('The mail that it was attached to, which it is deleted with; null when it was uploaded itself'),
    parent_filename: z.string().nullable(),
    attachment_count: z
      .int()
      .describe(
        'How many documents were made of what is attached to it; 0 while a mail has not been read, and of all else',
      ),
    job: Job,
  })
  .meta({ id: 'Document' })
export type Document = z.infer<typeof Document>

export const DocumentDetails = Document.extend({
  result: z
    .object({ job_id: z.int(), pages: z.int() })
    .nullable()
    .describe('Of the newest COMPLETED job, which is not always the newest job; null when there is none'),
  attempts: z.array(Attempt).describe('Every attempt of every job, newest first'),
  attachments: z.array(Document).describe('The documents that were made of what is attached to it, in its order'),
}).meta({ id: 'DocumentDetails' })
export type DocumentDetails = z.infer<typeof DocumentDetails>

export const UploadResponse = z.object({ documents: z.array(Document) }).meta({ id: 'UploadResponse' })
export type UploadResponse = z.infer<typeof UploadResponse>

const Moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'Expected a date or a time, like 2026-11-23 or 2026-11-23T14:30:00Z',
  })
  // PostgreSQL's calendar has no year 0.
  .refine((text) => new Date(text).getUTCFullYear() >= 1, 'Expected a year from 1 on')

export const ListDocumentsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the answer before'),
  status: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(JobStatus).min(1))
    .optional()
    .describe('One or more of PENDING, PROCESSING, COMPLETED, FAILED, separated by commas'),
  filename: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\0]*$/, 'A name has no NUL')
    .optional()
    .describe('Part of the name, in any case, with or without accents'),
  created_from: Moment.optional().describe('Uploaded at or after; a date is its midnight in UTC'),
  created_to: Moment.optional().describe('Uploaded before'),
})
export type ListDocumentsQuery = z.infer<typeof ListDocumentsQuery>

export const DocumentList = z
  .object({
    documents: z.array(Document).describe('Newest first'),
    next_cursor: z.string().nullable().describe('null on the last page'),
  })
  .meta({ id: 'DocumentList' })
export type DocumentList = z.infer<typeof DocumentList>
