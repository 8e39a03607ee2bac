import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { BlobServiceClient } from '@azure/storage-blob'
import { createAzureBlobStore } from '../../src/storage/azure-blob.ts'
import type { BlobStore } from '../../src/storage/blob-store.ts'
import { createFilesystemStore } from '../../src/storage/filesystem.ts'
import { createS3Store } from '../../src/storage/s3.ts'
import { connectionString, startAzurite } from './azurite.ts'
import { hasSwift, SWIFT_KEY, startSwift } from './swift.ts'

export type Tried = {
  store: BlobStore
  /** Everything the store holds, drafts included where they can be deleted. */
  countAll(): Promise<number>
  /** Whether what is half written is counted. */
  countsDrafts: boolean
  remove(): Promise<void>
}

export type TriedRemote = Tried & {
  /** Where the service listens. */
  port: number
  /** The same store by way of another port, or with something about it wrong. */
  connect(port: number, wrong?: 'key' | 'container'): Promise<BlobStore>
}

async function tryFilesystem(): Promise<Tried> {
  const root = await mkdtemp(path.join(tmpdir(), 'adp-blobs-'))
  return {
    store: createFilesystemStore(root),
    countAll: async () =>
      (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
    countsDrafts: true,
    remove: () => rm(root, { recursive: true }),
  }
}

async function tryAzure(blockBytes = 1_000_000): Promise<TriedRemote> {
  const azurite = await startAzurite()
  const container = BlobServiceClient.fromConnectionString(connectionString(azurite.port)).getContainerClient('docs')
  await container.create()
  const connect: TriedRemote['connect'] = (port, wrong) =>
    createAzureBlobStore({
      container: wrong === 'container' ? 'other' : 'docs',
      account: {
        connectionString: connectionString(port, wrong === 'key' ? Buffer.alloc(64).toString('base64') : undefined),
      },
      blockBytes,
    })
  return {
    store: await connect(azurite.port),
    connect,
    port: azurite.port,
    async countAll() {
      let count = 0
      for await (const _ of container.listBlobsFlat()) count += 1
      return count
    },
    countsDrafts: false,
    remove: azurite.stop,
  }
}

async function tryS3(blockBytes = 5 * 1024 * 1024): Promise<TriedRemote> {
  const swift = await startSwift()
  const Bucket = 'docs'
  const config: S3ClientConfig = {
    endpoint: swift.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: SWIFT_KEY,
  }
  const client = new S3Client({ ...config, requestChecksumCalculation: 'WHEN_REQUIRED' })
  await client.send(new CreateBucketCommand({ Bucket }))
  const connect: TriedRemote['connect'] = async (port, wrong) =>
    createS3Store({
      bucket: wrong === 'container' ? 'other' : Bucket,
      endpoint: `http://127.0.0.1:${port}`,
      forcePathStyle: true,
      credentials: wrong === 'key' ? { ...SWIFT_KEY, secretAccessKey: 'wrong' } : SWIFT_KEY,
      blockBytes,
    })
  const port = Number(new URL(swift.endpoint).port)
  return {
    store: await connect(port),
    connect,
    port,
    async countAll() {
      const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket }))
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
      return KeyCount + Uploads.length
    },
    countsDrafts: true,
    async remove() {
      client.destroy()
      await swift.stop()
    },
  }
}

/** Those that are reached by HTTP. S3 is among them where there is a server for it. */
export const REMOTE: Record<string, (blockBytes?: number) => Promise<TriedRemote>> = {
  'azure-blob (Azurite)': tryAzure,
  ...(hasSwift() && { 's3 (OpenStack Swift, since swift-proxy-server is on PATH)': tryS3 }),
}

/** Every implementation has to pass the same suite. */
export const IMPLEMENTATIONS: Record<string, (blockBytes?: number) => Promise<Tried>> = {
  filesystem: tryFilesystem,
  ...REMOTE,
}
