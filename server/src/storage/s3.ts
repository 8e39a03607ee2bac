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
import { BlobMissingError, type BlobStore, requireKey } from './blob-store.ts'
import { BLOCK_BYTES, type BlockTarget, exactly, putInBlocks } from './blocks.ts'

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

  return {
    async put(key, source, signal) {
      await putInBlocks(source, blockTarget(client, at(key)), blockBytes, signal)
    },

    async read(key, range) {
      const Range = range && `bytes=${range.start}-${range.end}`
      try {
        const answer = await client.send(new GetObjectCommand({ ...at(key), ...(Range && { Range }) }))
        return exactly(answer.Body as Readable, range ? range.end - range.start + 1 : (answer.ContentLength as number))
      } catch (error) {
        throw (error as Error).name === 'NoSuchKey' ? new BlobMissingError(key) : error
      }
    },

    async head(key) {
      try {
        return { sizeBytes: (await client.send(new HeadObjectCommand(at(key)))).ContentLength as number }
      } catch (error) {
        if (statusOf(error) === 404) return null
        throw error
      }
    },

    async delete(key) {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: requireKey(key) }))
      const abandoned = Uploads.map(({ UploadId }) => new AbortMultipartUploadCommand({ ...at(key), UploadId }))
      await Promise.all(abandoned.map((command) => client.send(command).catch(ignoreMissing)))
      await client.send(new DeleteObjectCommand(at(key))).catch(ignoreMissing)
    },

    async presign(key, { filename, contentType, expiresInMs }) {
      const ResponseContentDisposition = contentDisposition(filename, { type: 'attachment' })
      const command = new GetObjectCommand({ ...at(key), ResponseContentDisposition, ResponseContentType: contentType })
      return getSignedUrl(client, command, { expiresIn: Math.ceil(expiresInMs / 1000) })
    },

    async check() {
      // Unlike HeadBucket this answers with a body, and so with the reason.
      await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 })).catch((error) => {
        throw explain(error, Bucket)
      })
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

function blockTarget(client: S3Client, at: { Bucket: string; Key: string }): BlockTarget {
  return {
    putWhole: (Body, abortSignal) =>
      client.send(new PutObjectCommand({ ...at, Body, ContentMD5: md5(Body) }), { abortSignal }),
    async begin(abortSignal) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at), { abortSignal })
      const Parts: { PartNumber: number; ETag: string | undefined }[] = []
      return {
        async putBlock(PartNumber, Body, signal) {
          const part = { ...at, UploadId, PartNumber, Body, ContentMD5: md5(Body) }
          const { ETag } = await client.send(new UploadPartCommand(part), { abortSignal: signal })
          Parts[PartNumber - 1] = { PartNumber, ETag }
        },
        commit: (signal) =>
          client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }), {
            abortSignal: signal,
          }),
        abandon: () => client.send(new AbortMultipartUploadCommand({ ...at, UploadId })),
      }
    },
    isRefusal: (error) => statusOf(error) >= 400 && statusOf(error) < 500,
    remove: () => client.send(new DeleteObjectCommand(at)),
  }
}

function ignoreMissing(error: unknown): void {
  if (statusOf(error) !== 404) throw error
}

function explain(error: Error, bucket: string): Error {
  if (error.name === 'NoSuchBucket')
    return new Error(`There is no bucket ${bucket}. Create it, or set S3_BUCKET.`, { cause: error })
  if (statusOf(error) === 401 || statusOf(error) === 403)
    return new Error(`The storage refuses the key it is given for the bucket ${bucket}: ${error.name}.`, {
      cause: error,
    })
  return new Error(`The bucket ${bucket} cannot be used: ${error.message || error.name}`, { cause: error })
}
