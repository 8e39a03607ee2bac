import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { holdSupervisorLock } from './orphan.ts'

/**
 * Keeps an embedded PostgreSQL running: marked as supervised by this process, and started again on the same port when it ends by itself.
 * @param onEnded told each time it had to be started again
 */
export async function runDatabase(
  folder: string,
  onEnded: (error: Error) => void,
): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  let server = await startEmbeddedPostgres(folder)
  let lock: pg.Client = await holdSupervisorLock(server.url)
  const { url } = server
  let stopping = false

  async function keepRunning(): Promise<void> {
    for (;;) {
      await server.exited
      if (stopping) return
      onEnded(new Error('the embedded PostgreSQL ended by itself'))
      while (!stopping) {
        try {
          server = await startEmbeddedPostgres(folder, {}, Number(new URL(url).port))
          lock = await holdSupervisorLock(url)
          break
        } catch (error) {
          onEnded(error as Error)
          await delay(1_000)
        }
      }
    }
  }
  const running = keepRunning()

  return {
    url,
    async stop() {
      stopping = true
      await lock.end().catch(() => {})
      await server.stop()
      await running
    },
  }
}
