import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { lockFolder } from './folder-lock.ts'

/**
 * Keeps an embedded PostgreSQL running in a folder that is this process's alone: when it ends by itself it is started again on the same
 * port.
 * @param preferredPort taken if it is free
 * @param onEnded told each time it has to be started again
 * @throws Error when another process runs a database there, and what startEmbeddedPostgres throws
 */
export async function runDatabase(
  folder: string,
  preferredPort: number | undefined,
  onEnded: (error: Error) => void,
): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  await mkdir(folder, { recursive: true })
  const lock = await lockFolder(folder)
  let server = await startEmbeddedPostgres(folder, { preferredPort })
  const { url } = server
  const port = Number(new URL(url).port)
  let stopping = false

  async function startAgain(): Promise<void> {
    while (!stopping) {
      try {
        server = await startEmbeddedPostgres(folder, { port })
        // A stop that came meanwhile has only seen the server before.
        if (stopping) await server.stop()
        return
      } catch (error) {
        onEnded(error as Error)
        await delay(1_000)
      }
    }
  }

  async function keepRunning(): Promise<void> {
    while (!stopping) {
      await server.exited
      if (stopping) return
      onEnded(new Error('the embedded PostgreSQL ended by itself'))
      await startAgain()
    }
  }
  const running = keepRunning()

  return {
    url,
    async stop() {
      stopping = true
      await server.stop()
      await running
      lock.release()
    },
  }
}
