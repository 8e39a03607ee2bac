import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { create as contentDisposition } from 'content-disposition'
import { BlobMissingError, type BlobStore, requireKey, StorageError } from './blob-store.ts'
import { BLOCK_BYTES, type BlockTarget, putInBlocks } from './blocks.ts'
import { ask, exactly, toStorageError } from './requests.ts'

export type S3Settings = {
  bucket: string
  /** Where none is given, the SDK looks for one as it does for credentials: AWS_REGION, its files. */
  region?: string | undefined
  endpoint?: string | undefined
  forcePathStyle?: boolean
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined
  blockBytes?: number
}

const statusOf = (error: unknown) => (error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0)
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('base64')

/**
 * Blobs in a bucket of S3, or of a server that speaks its language. Every request carries an MD5 of its bytes, the one check that all of
 * them know. The key needs GetObject, PutObject, DeleteObject, AbortMultipartUpload, ListBucket and ListBucketMultipartUploads.
 */
export function createS3Store(settings: S3Settings): BlobStore {
  const { bucket: Bucket, blockBytes = BLOCK_BYTES } = settings
  const client = connect(settings)
  const at = (key: string) => ({ Bucket, Key: requireKey(key) })
  const explain = createExplain(Bucket)

  return {
    async put(key, source, signal) {
      await putInBlocks(source, blockTarget(client, at(key), explain), blockBytes, signal)
    },

    async read(key, range) {
      const Range = range && `bytes=${range.start}-${range.end}`
      const command = new GetObjectCommand({ ...at(key), ...(Range && { Range }) })
      const answer = await ask(explain, async (abortSignal) => {
        try {
          return await client.send(command, { abortSignal })
        } catch (error) {
          throw (error as Error).name === 'NoSuchKey' ? new BlobMissingError(key) : error
        }
      })
      const length = range ? range.end - range.start + 1 : (answer.ContentLength as number)
      return exactly(answer.Body as Readable, length, explain)
    },

    async head(key) {
      const command = new HeadObjectCommand(at(key))
      return ask(explain, async (abortSignal) => {
        try {
          return { sizeBytes: (await client.send(command, { abortSignal })).ContentLength as number }
        } catch (error) {
          if (statusOf(error) === 404) return null
          throw error
        }
      })
    },

    async delete(key) {
      const begun = new ListMultipartUploadsCommand({ Bucket, Prefix: requireKey(key) })
      await ask(explain, async (abortSignal) => {
        const { Uploads = [] } = await client.send(begun, { abortSignal })
        const commands = Uploads.map(({ UploadId }) => new AbortMultipartUploadCommand({ ...at(key), UploadId }))
        await Promise.all(commands.map((command) => client.send(command, { abortSignal }).catch(ignoreMissing)))
        await client.send(new DeleteObjectCommand(at(key)), { abortSignal }).catch(ignoreMissing)
      })
    },

    async presign(key, { filename, contentType, expiresInMs }) {
      const ResponseContentDisposition = contentDisposition(filename, { type: 'attachment' })
      const command = new GetObjectCommand({ ...at(key), ResponseContentDisposition, ResponseContentType: contentType })
      return ask(explain, () => getSignedUrl(client, command, { expiresIn: Math.ceil(expiresInMs / 1000) }))
    },

    async check() {
      // Unlike HeadBucket this answers with a body, and so with the reason.
      const command = new ListObjectsV2Command({ Bucket, MaxKeys: 1 })
      await ask(explain, (abortSignal) => client.send(command, { abortSignal }))
    },
  }
}

function connect({ region, endpoint, forcePathStyle = false, credentials }: S3Settings): S3Client {
  return new S3Client({
    // A server of one's own has no regions, but the signature names one.
    ...((region ?? endpoint) && { region: region ?? 'us-east-1' }),
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    forcePathStyle,
    // Newer checksums than MD5 are AWS's own; others refuse them or do not look.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The usual 50 connections are all taken by as many slow readers, and uploads would wait for them.
    requestHandler: { connectionTimeout: 5_000, httpAgent: { maxSockets: 1_000 }, httpsAgent: { maxSockets: 1_000 } },
  })
}

function blockTarget(
  client: S3Client,
  at: { Bucket: string; Key: string },
  explain: (error: Error) => Error,
): BlockTarget {
  const tell = (error: Error) => Promise.reject(explain(error))
  return {
    putWhole: (Body, abortSignal) =>
      client.send(new PutObjectCommand({ ...at, Body, ContentMD5: md5(Body) }), { abortSignal }).catch(tell),
    async begin(abortSignal) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at), { abortSignal }).catch(tell)
      const Parts: { PartNumber: number; ETag: string | undefined }[] = []
      return {
        async putBlock(PartNumber, Body, signal) {
          const part = { ...at, UploadId, PartNumber, Body, ContentMD5: md5(Body) }
          const { ETag } = await client.send(new UploadPartCommand(part), { abortSignal: signal }).catch(tell)
          Parts[PartNumber - 1] = { PartNumber, ETag }
        },
        commit: (signal) =>
          client
            .send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }), {
              abortSignal: signal,
            })
            .catch(tell),
        abandon: () =>
          ask(explain, (signal) =>
            client.send(new AbortMultipartUploadCommand({ ...at, UploadId }), { abortSignal: signal }),
          ),
      }
    },
    remove: () => ask(explain, (abortSignal) => client.send(new DeleteObjectCommand(at), { abortSignal })),
  }
}

function ignoreMissing(error: unknown): void {
  if (statusOf(error) !== 404) throw error
}

function createExplain(bucket: string): (error: Error) => Error {
  return (error) => {
    if (error.name === 'NoSuchBucket')
      return new StorageError(`There is no bucket ${bucket}. Create it, or set S3_BUCKET.`, 404)
    const requestId = error instanceof S3ServiceException ? error.$metadata.requestId : undefined
    return toStorageError(`The bucket ${bucket}`, error, { status: statusOf(error) || undefined, requestId })
  }
}
