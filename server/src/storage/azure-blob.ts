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
import { BlobMissingError, type BlobStore, requireKey } from './blob-store.ts'
import { BLOCK_BYTES, type BlockTarget, exactly, putInBlocks } from './blocks.ts'

export type AzureBlobSettings = {
  container: string
  /** An account with its key, or the address of one for which DefaultAzureCredential finds an identity. */
  account: { connectionString: string } | { url: string }
  blockBytes?: number
}

/** Of a key that signs links; a link lives as long as the shorter of the two. */
const DELEGATION_MS = 24 * 60 * 60_000
const SKEW_MS = 5 * 60_000

const isStatus = (error: unknown, from: number, to: number) =>
  error instanceof RestError && (error.statusCode ?? 0) >= from && (error.statusCode ?? 0) <= to
const isMissing = (error: unknown) => isStatus(error, 404, 404) && (error as RestError).code !== 'ContainerNotFound'
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

  return {
    async put(key, source, signal) {
      await putInBlocks(source, blockTarget(blob(key)), blockBytes, signal)
    },

    async read(key, range) {
      const length = range && range.end - range.start + 1
      try {
        const answer = await blob(key).download(range?.start, length, { maxRetryRequests: 3 })
        return exactly(answer.readableStreamBody as Readable, length ?? (answer.contentLength as number))
      } catch (error) {
        throw isMissing(error) ? new BlobMissingError(key) : error
      }
    },

    async head(key) {
      try {
        return { sizeBytes: (await blob(key).getProperties()).contentLength as number }
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },

    async delete(key) {
      await blob(key).deleteIfExists()
    },

    async presign(key, { filename, contentType, expiresInMs }) {
      return sign(blob(key), {
        containerName: settings.container,
        blobName: key,
        permissions: BlobSASPermissions.parse('r'),
        expiresOn: new Date(Date.now() + expiresInMs),
        contentDisposition: contentDisposition(filename, { type: 'attachment' }),
        contentType,
      })
    },

    async check() {
      await container.getProperties().catch((error) => {
        throw explain(error, settings.container, service.accountName)
      })
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

function blockTarget(blob: BlockBlobClient): BlockTarget {
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
          await blob.stageBlock(id, bytes, bytes.length, { abortSignal, transactionalContentMD5: md5(bytes) })
        },
        commit: (abortSignal) => blob.commitBlockList(ids, { abortSignal }),
        abandon: async () => {},
      }
    },
    isRefusal: (error) => isStatus(error, 400, 499),
    remove: () => blob.deleteIfExists(),
  }
}

type Link = Omit<Parameters<typeof generateBlobSASQueryParameters>[0], 'containerName'> & { containerName: string }

/** What signs links: the account's key, or one that Azure lends to an identity. Null where the connection string is itself only a signature. */
function createSigner(service: BlobServiceClient): (blob: BlockBlobClient, link: Link) => Promise<string | null> {
  const { credential } = service
  if (credential instanceof StorageSharedKeyCredential)
    return async (blob, link) => `${blob.url}?${generateBlobSASQueryParameters(link, credential)}`
  if (!('getToken' in credential)) return async () => null
  let lent: { key: Promise<UserDelegationKey>; until: number } | undefined
  return async (blob, link) => {
    const end = (link.expiresOn as Date).getTime()
    if (!lent || lent.until < end) {
      const until = Date.now() + DELEGATION_MS
      // Clocks differ.
      const key = service.getUserDelegationKey(new Date(Date.now() - SKEW_MS), new Date(until))
      lent = { key, until }
      // The next link asks again.
      key.catch(() => {
        lent = undefined
      })
    }
    return `${blob.url}?${generateBlobSASQueryParameters(link, await lent.key, service.accountName)}`
  }
}

function explain(error: unknown, container: string, account: string): Error {
  const { code, statusCode, message } = error as RestError
  const at = `The storage account ${account}`
  if (code === 'ContainerNotFound')
    return new Error(`${at} has no container ${container}. Create it, or set AZURE_STORAGE_CONTAINER.`, {
      cause: error,
    })
  if (statusCode === 401 || statusCode === 403)
    return new Error(`${at} refuses the key or the identity it is given: ${code ?? statusCode}.`, { cause: error })
  return new Error(`${at} cannot be used: ${code ?? message}.`, { cause: error })
}
