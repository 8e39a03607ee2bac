import { createHash } from 'node:crypto'
import { realpath, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * Makes this process the only one that runs a database in a folder, until it releases the lock or is gone: the lock is a listening local
 * socket, which the system takes back from a dead process at once, whereas a pid in a file may by then be anybody's.
 * @throws Error when another process has the folder
 */
export async function lockFolder(folder: string): Promise<{ release(): void }> {
  const address = addressOf(await realpath(folder))
  const server = (await listen(address)) ?? ((await isStale(address)) ? await listen(address) : null)
  if (!server) {
    throw new Error(
      `${folder} is in use: another start of this product is running with the same DATA_DIR. ` +
        'Stop it first, or set DATA_DIR to a folder of its own.',
    )
  }
  server.unref()
  return { release: () => server.close() }
}

function addressOf(folder: string): string {
  const name = `adp-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`
  // Linux: an abstract address, without a file. Windows: a named pipe. Elsewhere a file; below the data folder its path could get too long.
  if (process.platform === 'linux') return `\0${name}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(tmpdir(), `${name}.sock`)
}

function listen(address: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(address, () => resolve(server))
  })
}

/** Only where the address is a file can it outlive its process: nobody answers there then, and the file is removed. */
async function isStale(address: string): Promise<boolean> {
  if (address.startsWith('\0') || process.platform === 'win32') return false
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect(address)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  if (!answers) await rm(address, { force: true })
  return !answers
}
