import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import getPort from 'get-port'
import { untilListening } from './swift.ts'

/** The one account that Azurite comes with; its key is in Microsoft's documentation. */
export const AZURITE_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

export const connectionString = (port: number, key = AZURITE_KEY) =>
  `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${key};BlobEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`

/**
 * Azure's own emulator of Blob Storage, with its data in a folder of its own.
 * @param tls the folder that has cert.pem and key.pem: then it listens to https alone, and takes the tokens of identities too
 */
export async function startAzurite(tls?: string): Promise<{ port: number; stop(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'adp-azurite-'))
  const port = await getPort()
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')
  // The SDK is newer than any version that the emulator knows of.
  const options = [
    '--silent',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    '--blobPort',
    String(port),
    '--location',
    folder,
    ...(tls ? ['--oauth', 'basic', '--cert', path.join(tls, 'cert.pem'), '--key', path.join(tls, 'key.pem')] : []),
  ]
  const server = spawn(process.execPath, [main, ...options], { stdio: 'ignore' })
  const stop = async () => {
    if (server.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilListening(port, () => server.exitCode === null)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}
