import path from 'node:path'
import type { BlobStore } from './blob-store.ts'
import { createFilesystemStore } from './filesystem.ts'

/** The store that the settings name: files below DATA_DIR, which every API and worker must share. */
export function createStore(config: { DATA_DIR: string }): BlobStore {
  return createFilesystemStore(path.join(config.DATA_DIR, 'blobs'))
}
