import { createReadStream, createWriteStream } from 'node:fs'
import { access, constants, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { BlobMissingError, type BlobStore, requireKey, StorageError } from './blob-store.ts'

/** Of the disk or the share, and never of a stream that is stored. */
const FAULTS = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ESTALE', 'ENOTDIR', 'EMFILE', 'ENFILE', 'EFBIG']

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

/**
 * Blobs as files below a folder, which several processes may share. A blob is written beside its place, flushed to disk and then
 * renamed, so that under its key it is whole or not there.
 */
export function createFilesystemStore(root: string): BlobStore {
  const folderOf = (key: string) => path.join(root, requireKey(key).slice(-2))
  const placeOf = (key: string) => path.join(folderOf(key), key)
  const draftOf = (key: string) => path.join(root, 'incoming', requireKey(key))

  return {
    async put(key, source, signal) {
      const draft = draftOf(key)
      try {
        await Promise.all([mkdir(folderOf(key), { recursive: true }), mkdir(path.dirname(draft), { recursive: true })])
        await pipeline(source, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }), { signal })
        await rename(draft, placeOf(key))
        // The new name is durable only once its folder is.
        await Promise.all([flushFolder(folderOf(key)), flushFolder(root)])
      } catch (error) {
        source.destroy()
        // A draft that was there already is another put's.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(draft, { force: true })
        throw explain(error)
      }
    },

    async read(key, range) {
      const file = await open(placeOf(key)).catch((error) => {
        throw isMissing(error) ? new BlobMissingError(key) : explain(error)
      })
      return createReadStream('', { fd: file, ...range })
    },

    async head(key) {
      try {
        return { sizeBytes: (await stat(placeOf(key))).size }
      } catch (error) {
        if (isMissing(error)) return null
        throw explain(error)
      }
    },

    async delete(key) {
      await Promise.all([rm(draftOf(key), { force: true }), rm(placeOf(key), { force: true })]).catch((error) => {
        throw explain(error)
      })
    },

    async presign(key) {
      requireKey(key)
      return null
    },

    async check() {
      await mkdir(root, { recursive: true })
      await access(root, constants.R_OK | constants.W_OK | constants.X_OK)
    },
  }
}

function explain(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  return FAULTS.includes(code) ? new StorageError(`The folder of the documents cannot be used: ${code}.`) : error
}

async function flushFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and needs no flush of it.
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
