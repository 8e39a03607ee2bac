import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import * as liveness from './liveness.ts'
import { ANYWHERE, CANCELED_CHANNEL, JOBS_CHANNEL, OFFERED_CHANNEL } from './sql.ts'

export type SessionOptions = {
  databaseUrl: string
  name: string
  version: string
  slots: number
  /** After this long without a beat other workers take this one's jobs. Milliseconds. */
  timeoutMs: number
  log: Logger
  /** How many of the slots are taken. */
  running: () => number
  /** A job became due: behind all that were due before, or anywhere in the order. */
  onJobDue: (where: 'behind' | 'anywhere') => void
  /** A job was canceled, whoever has it. */
  onJobCanceled: (jobId: number) => void
  /** Pages of a job may be read by others than its holder. */
  onPagesOffered: () => void
  /** Connected, for the first time or again; statements under way before may have lost their answers. */
  onConnected: () => void
  /** This worker's jobs are, or are about to be, somebody else's: whatever runs must stop and may write nothing. */
  onLost: (reason: string) => void
}

export type WorkerSession = {
  /** Who claims. Null while the database cannot be reached or the worker has to register anew. */
  worker(): { id: number; name: string } | null
  /** Whether jobs claimed under this id are still this worker's, connected or not. */
  isStill(workerId: number): boolean
  close(): Promise<void>
}

/** A beat every 2 s; with a short timeout more often, since four may be missed before the work is aborted. */
const beatMs = (timeoutMs: number) => Math.min(2_000, timeoutMs / 5)
const FIRST_RECONNECT_MS = 100
const LAST_RECONNECT_MS = 10_000

/**
 * A worker's presence: its row, its advisory lock and its LISTEN, all on one connection, and the beat on that connection, so that a beat
 * proves the lock as well. A connection that breaks is made again, with the same identity if nobody has swept it meanwhile.
 */
export function openSession(options: SessionOptions): WorkerSession {
  const { log } = options
  const everyMs = beatMs(options.timeoutMs)
  const stopping = new AbortController()
  let id: number | null = null
  let connected = false
  let reconnectMs = FIRST_RECONNECT_MS
  // Monotonic, and taken before the beat is sent: the database's own record of it can only be younger.
  let lastBeat = performance.now()

  const lose = (reason: string) => {
    if (id === null) return
    log.warn({ worker_id: id, reason }, 'this worker has lost its jobs')
    id = null
    options.onLost(reason)
  }

  async function presence(client: pg.Client): Promise<void> {
    if (id !== null) {
      await liveness.relockWorker(client, id)
      await beatOnce(client, 'it was swept while it was not connected')
    }
    if (id === null) {
      const sent = performance.now()
      const registered = await liveness.registerWorker(client, options)
      lastBeat = sent
      id = registered
    }
    await client.query(`LISTEN ${JOBS_CHANNEL}; LISTEN ${CANCELED_CHANNEL}; LISTEN ${OFFERED_CHANNEL}`)
    if (reconnectMs !== FIRST_RECONNECT_MS) log.info('connected to the database again')
    reconnectMs = FIRST_RECONNECT_MS
    connected = true
    options.onConnected()

    while (id !== null && !stopping.signal.aborted) {
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (!stopping.signal.aborted) await beatOnce(client, 'it was swept')
    }
  }

  async function beatOnce(client: pg.Client, ifSwept: string): Promise<void> {
    if (id === null) return
    const sent = performance.now()
    if (await liveness.beat(client, id, options.running())) lastBeat = sent
    else lose(ifSwept)
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const client = new pg.Client({
        connectionString: options.databaseUrl,
        application_name: 'adp worker session',
        connectionTimeoutMillis: 5_000,
        // A beat without an answer is a broken connection: TCP itself would take minutes to say so.
        query_timeout: options.timeoutMs / 3,
        keepAlive: true,
      })
      client.on('notification', ({ channel, payload }) => {
        if (channel === CANCELED_CHANNEL) options.onJobCanceled(Number(payload))
        else if (channel === OFFERED_CHANNEL) options.onPagesOffered()
        else options.onJobDue(payload === ANYWHERE ? 'anywhere' : 'behind')
      })
      try {
        const broken = new Promise<never>((_, reject) => {
          client.on('error', reject)
          client.on('end', () => reject(new Error('the connection ended')))
        })
        broken.catch(() => {})
        await Promise.race([client.connect().then(() => presence(client)), broken])
      } catch (error) {
        // Once an outage: it may last for hours.
        if (!stopping.signal.aborted && reconnectMs === FIRST_RECONNECT_MS) {
          log.warn({ reason: (error as Error).message }, 'the database is away; connecting until it is back')
        }
      } finally {
        connected = false
        if (stopping.signal.aborted && id !== null) await liveness.unregisterWorker(client, id).catch(() => {})
        // The goodbye may hang in a dead network, and nothing depends on it.
        await Promise.race([client.end().catch(() => {}), delay(1_000)])
      }
      await delay(reconnectMs, undefined, { signal: stopping.signal }).catch(() => {})
      reconnectMs = Math.min(LAST_RECONNECT_MS, reconnectMs * 2)
    }
  }

  // Aborts early by one beat's time: the work has to be over, children killed and all, before others may take the jobs.
  const watch = setInterval(() => {
    if (performance.now() - lastBeat > options.timeoutMs - everyMs) lose('it could not beat in time')
  }, 250)
  watch.unref()

  const done = run()
  return {
    worker: () => (connected && id !== null ? { id, name: options.name } : null),
    isStill: (workerId) => id === workerId,
    async close() {
      stopping.abort()
      await done
      clearInterval(watch)
    },
  }
}
