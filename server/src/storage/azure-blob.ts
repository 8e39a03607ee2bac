import { createHash, randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import {
  BlobSASPermissions,
  BlobServiceClient,
  type BlockBlobClient,
  generateBlobSASQueryParameters,
  RestError,
  StorageSharedKeyCredential,
  type UserDelegationKey,
} from '@azure/storage-blob'
import { create as contentDisposition } from 'content-disposition'
import { BlobMissingError, type BlobStore, requireKey, StorageError } from './blob-store.ts'
import { BLOCK_BYTES, type BlockTarget, putInBlocks } from './blocks.ts'
import { ask, exactly, toStorageError } from './requests.ts'

export type AzureBlobSettings = {
  container: string
  /** An account with its key, or the address of one for which DefaultAzureCredential finds an identity. */
  account: { connectionString: string } | { url: string }
  blockBytes?: number
}

/** Of a key that signs links; a link lives as long as the shorter of the two. */
const DELEGATION_MS = 24 * 60 * 60_000
const SKEW_MS = 5 * 60_000
/** Has all that a link needs. The SDK's own is newer than what Azurite can check. */
const LINK_VERSION = '2020-12-06'

const isMissing = (error: unknown) =>
  error instanceof RestError && error.statusCode === 404 && error.code !== 'ContainerNotFound'
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest()

/**
 * Blobs in a container of Azure Blob Storage. Every block carries an MD5 of its bytes, which the service checks. Blocks of a put that
 * was broken off cannot be deleted; nobody sees them, and Azure drops them after a week.
 */
export async function createAzureBlobStore(settings: AzureBlobSettings): Promise<BlobStore> {
  const service = await connect(settings.account)
  const container = service.getContainerClient(settings.container)
  const blob = (key: string) => container.getBlockBlobClient(requireKey(key))
  const sign = createSigner(service)
  const blockBytes = settings.blockBytes ?? BLOCK_BYTES
  const explain = createExplain(settings.container, service.accountName)

  return {
    async put(key, source, signal) {
      await putInBlocks(source, blockTarget(blob(key), explain), blockBytes, signal)
    },

    async read(key, range) {
      const length = range && range.end - range.start + 1
      const from = blob(key)
      const answer = await ask(explain, async (abortSignal) => {
        try {
          return await from.download(range?.start, length, { maxRetryRequests: 3, abortSignal })
        } catch (error) {
          throw isMissing(error) ? new BlobMissingError(key) : error
        }
      })
      return exactly(answer.readableStreamBody as Readable, length ?? (answer.contentLength as number), explain)
    },

    async head(key) {
      const of = blob(key)
      return ask(explain, async (abortSignal) => {
        try {
          return { sizeBytes: (await of.getProperties({ abortSignal })).contentLength as number }
        } catch (error) {
          if (isMissing(error)) return null
          throw error
        }
      })
    },

    async delete(key) {
      const which = blob(key)
      await ask(explain, (abortSignal) => which.deleteIfExists({ abortSignal }))
    },

    async presign(key, { filename, contentType, expiresInMs }) {
      const to = blob(key)
      const link = {
        containerName: settings.container,
        blobName: key,
        version: LINK_VERSION,
        permissions: BlobSASPermissions.parse('r'),
        expiresOn: new Date(Date.now() + expiresInMs),
        contentDisposition: contentDisposition(filename, { type: 'attachment' }),
        contentType,
      }
      return ask(explain, (abortSignal) => sign(to, link, abortSignal))
    },

    async check() {
      await ask(explain, (abortSignal) => container.getProperties({ abortSignal }))
    },
  }
}

async function connect(account: AzureBlobSettings['account']): Promise<BlobServiceClient> {
  const options = { retryOptions: { maxTries: 4, retryDelayInMs: 200, maxRetryDelayInMs: 5_000 } }
  if ('connectionString' in account) {
    try {
      return BlobServiceClient.fromConnectionString(account.connectionString, options)
    } catch {
      // The SDK's own error may have parts of it.
      throw new Error(
        'AZURE_STORAGE_CONNECTION_STRING is not a connection string; the portal shows it under "Access keys".',
      )
    }
  }
  // Only here, since it is the largest part of the SDK.
  const { DefaultAzureCredential } = await import('@azure/identity')
  return new BlobServiceClient(account.url, new DefaultAzureCredential(), options)
}

function blockTarget(blob: BlockBlobClient, explain: (error: Error) => Error): BlockTarget {
  const tell = (error: Error) => Promise.reject(explain(error))
  return {
    // None in one request: the SDK sends no MD5 to be checked with it.
    async begin() {
      // Another put of the same key has other blocks, so that the two never mix.
      const prefix = randomBytes(12).toString('hex')
      const ids: string[] = []
      return {
        async putBlock(number, bytes, abortSignal) {
          // The one block of an empty blob, which the service would refuse.
          if (bytes.length === 0) return
          const id = Buffer.from(`${prefix}-${String(number).padStart(6, '0')}`).toString('base64')
          ids[number - 1] = id
          const checked = { abortSignal, transactionalContentMD5: md5(bytes) }
          await blob.stageBlock(id, bytes, bytes.length, checked).catch(tell)
        },
        commit: (abortSignal) => blob.commitBlockList(ids, { abortSignal }).catch(tell),
        abandon: async () => {},
      }
    },
    remove: () => ask(explain, (abortSignal) => blob.deleteIfExists({ abortSignal })),
  }
}

type Link = Omit<Parameters<typeof generateBlobSASQueryParameters>[0], 'containerName'> & { containerName: string }

/** What signs links: the account's key, or one that Azure lends to an identity. Null where the connection string is itself only a signature. */
function createSigner(
  service: BlobServiceClient,
): (blob: BlockBlobClient, link: Link, abortSignal: AbortSignal) => Promise<string | null> {
  const { credential } = service
  if (credential instanceof StorageSharedKeyCredential)
    return async (blob, link) => `${blob.url}?${generateBlobSASQueryParameters(link, credential)}`
  if (!('getToken' in credential)) return async () => null
  let lent: { key: Promise<UserDelegationKey>; until: number } | undefined
  return async (blob, link, abortSignal) => {
    const end = (link.expiresOn as Date).getTime()
    if (!lent || lent.until < end) {
      const until = Date.now() + DELEGATION_MS
      // Clocks differ.
      const key = service.getUserDelegationKey(new Date(Date.now() - SKEW_MS), new Date(until), { abortSignal })
      lent = { key, until }
      // The next link asks again.
      key.catch(() => {
        lent = undefined
      })
    }
    return `${blob.url}?${generateBlobSASQueryParameters(link, await lent.key, service.accountName)}`
  }
}

function createExplain(container: string, account: string): (error: Error) => Error {
  const subject = `The storage account ${account}`
  return (error) => {
    const { code, statusCode: status, request } = error as RestError
    if (code === 'ContainerNotFound')
      return new StorageError(
        `${subject} has no container ${container}. Create it, or set AZURE_STORAGE_CONTAINER.`,
        404,
      )
    return toStorageError(subject, error, { status, code, requestId: request?.requestId })
  }
}
