import path from 'node:path'
import type { BlobStore } from './blob-store.ts'
import { createFilesystemStore } from './filesystem.ts'
import type { StorageSettings } from './settings.ts'

/**
 * The store that the settings name, by default files below DATA_DIR, which every API and worker must share. The SDKs are loaded only for
 * their own store: they take longer to load than all the rest of a worker.
 * @throws Error when a connection string is not one
 */
export async function createStore(config: StorageSettings & { DATA_DIR: string }): Promise<BlobStore> {
  const store = await connect(config)
  return config.STORAGE_LINKS ? store : { ...store, presign: async () => null }
}

async function connect(config: StorageSettings & { DATA_DIR: string }): Promise<BlobStore> {
  // Settings that belong together are there together: findStorageFaults.
  if (config.STORAGE === 'azure-blob') {
    const { createAzureBlobStore } = await import('./azure-blob.ts')
    const { AZURE_STORAGE_CONNECTION_STRING: connectionString, AZURE_STORAGE_ACCOUNT_URL: url } = config
    const account = connectionString === undefined ? { url: url as string } : { connectionString }
    return createAzureBlobStore({ container: config.AZURE_STORAGE_CONTAINER as string, account })
  }
  if (config.STORAGE === 's3') {
    const { createS3Store } = await import('./s3.ts')
    const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config
    return createS3Store({
      bucket: config.S3_BUCKET as string,
      region: config.S3_REGION,
      endpoint: config.S3_ENDPOINT,
      forcePathStyle: config.S3_FORCE_PATH_STYLE,
      credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    })
  }
  return createFilesystemStore(path.join(config.DATA_DIR, 'blobs'))
}
