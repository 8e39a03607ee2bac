import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { ResultHeader } from '@adp/contract/analyze-result.ts'
import type { AttachmentLimit } from '@adp/contract/document.ts'
import type { ExtractionOptions, Provider } from '@adp/contract/extraction-options.ts'
import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { type Pool, type PoolClient, transaction } from '../db/client.ts'
import type { ExtractedAttachment, Extractor } from '../extraction/extractor.ts'
import { holdJob } from '../queue/hold-job.ts'
import { JobAborted } from '../queue/job-aborted.ts'
import type { ClaimedJob } from '../queue/job-queue.ts'
import type { Save } from '../queue/persist.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { exceededLimit, warningsOf } from './attachment-limits.ts'
import { insertDocuments } from './create-documents.ts'
import { readMailFamily } from './mail-family.ts'
import { attachmentOptions } from './mail-options.ts'
import { ProblemError } from './problem.ts'
import { type ReceivedFile, receiveFile } from './receive-upload.ts'
import { trackUnownedBlobs, type UnownedBlobs } from './unowned-blobs.ts'

export type ReceiverDeps = {
  pool: Pool
  blobs: BlobStore
  extractors: Partial<Record<Provider, Extractor>>
  log: Logger
}

/** The mail that a job reads. */
export type MailDocument = { id: string; sizeBytes: number; options: ExtractionOptions | null }

export type AttachmentReceiver = {
  /** Makes a document and its job of what is attached, once, however often it is called. */
  onAttachment(attachment: ExtractedAttachment): Promise<void>
  /** What was attached and became no document for being too much. */
  warnings(): NonNullable<ResultHeader['warnings']>
}

/** What these say of a file is no fault of the mail's: it is named in its text, as it was before. */
const NAMED_ONLY = new Set(['unsupported_type', 'file_empty'])

/**
 * Makes documents of what is attached to a mail, with the submitter, the priority and the options of its own job, fenced by its claim.
 * Throws JobAborted when that is stale or the mail is deleted, StorageError, what the database throws.
 */
export function createAttachmentReceiver(
  deps: ReceiverDeps,
  job: ClaimedJob,
  mail: MailDocument,
  save: Save,
): AttachmentReceiver {
  const { pool } = deps
  /** By place: of a child that died, the next one hands all over again. */
  const leftOut = new Map<number, { name: string; limit: AttachmentLimit }>()

  async function onAttachment({ position, name, path }: ExtractedAttachment): Promise<void> {
    const family = await save(() => readMailFamily(pool, mail.id, position))
    if (family.made) return
    // A link to somewhere else was not written by a child that is well.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      const { size } = await file.stat()
      const limit = exceededLimit(family, size, mail.sizeBytes)
      if (limit) leftOut.set(position, { name, limit })
      else await receive(position, name, file, size)
    } finally {
      await file.close()
    }
  }

  async function receive(position: number, name: string, file: FileHandle, size: number): Promise<void> {
    const tracked = trackUnownedBlobs(pool, deps.blobs)
    try {
      const key = await save(() => tracked.reserve())
      const stream = file.createReadStream({ autoClose: false })
      const received = await receiveFile(deps.blobs, key, { name, stream }, size)
      const isNew = await save(() => transaction(pool, (client) => make(client, position, received)))
      if (!isNew) await discard(tracked)
    } catch (error) {
      await discard(tracked)
      if (!(error instanceof ProblemError && NAMED_ONLY.has(error.code))) throw error
    } finally {
      tracked.close()
    }
  }

  const discard = (tracked: UnownedBlobs) =>
    tracked.discard().catch((err) => deps.log.warn({ err }, 'bytes of an attachment are left for housekeeping'))

  /**
   * Makes the rows; false when they are there. The mail is locked before its job, as a deletion does it: two that wait for each other's rows
   * would be a deadlock.
   */
  async function make(client: PoolClient, position: number, file: ReceivedFile): Promise<boolean> {
    const { rowCount } = await client.query('SELECT FROM documents WHERE id = $1 AND deleted_at IS NULL FOR SHARE', [
      mail.id,
    ])
    const held = rowCount === 1 ? await holdJob(client, job) : null
    if (!held) throw new JobAborted('lost')
    // Sent again after an answer that was lost, or made by a claim before this one: it is done.
    if ((await readMailFamily(client, mail.id, position)).made) return false
    await insertDocuments(client, [uuidv7()], [file], {
      ...held,
      extraction: attachmentOptions(mail.options, file.contentType, deps.extractors),
      parent: { documentId: mail.id, position },
      notifies: true,
    })
    return true
  }

  return { onAttachment, warnings: () => warningsOf([...leftOut.values()]) }
}
