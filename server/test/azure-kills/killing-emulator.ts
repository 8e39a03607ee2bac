import type { Pool } from '../../src/db/client.ts'
import { type AzureEmulator, startAzureEmulator } from '../azure-emulator/emulator.ts'
import type { StoredDocument } from '../azure-fleet/documents.ts'
import type { Workers } from '../azure-fleet/workers.ts'
import { holderOf } from './moments.ts'
import type { Moment } from './steps.ts'

type RequestMoment = Extract<Moment, { request: string }>['request']

export type KillingEmulator = AzureEmulator & {
  /** Kills, once, who has a document when the emulator has its request. @returns whether that has happened, when it is asked */
  killAt(request: RequestMoment, document: StoredDocument, deps: { pool: Pool; workers: Workers }): () => boolean
  /** Has no result for the document before it is released. `asked` resolves to the process that asks first. */
  holdResult(document: StoredDocument, pool: Pool): { asked: Promise<number>; release(): void }
}

/** The model of the document whose request is to be cut off before it is read: all that can be known of it by then. */
export const UNREAD_MODEL = 'cut-off-unread'
/** Of an analysis that is held. The emulator's clock goes on by as much when it is released. */
const HELD_MS = 600_000

export async function startKillingEmulator(key: string): Promise<KillingEmulator> {
  const strikes = new Map<string, () => Promise<void>>()
  const onceAsked = new Map<string, () => Promise<void>>()
  const held = new Set<string>()
  let releasedMs = 0

  async function strike(request: RequestMoment, target = ''): Promise<boolean> {
    const blow = strikes.get(`${request} ${target}`)
    strikes.delete(`${request} ${target}`)
    await blow?.()
    return blow !== undefined
  }
  async function asked(sha256 = ''): Promise<void> {
    const tell = onceAsked.get(sha256)
    onceAsked.delete(sha256)
    await tell?.()
  }

  const emulator = await startAzureEmulator({
    key,
    limits: null,
    customModels: [UNREAD_MODEL],
    now: () => Date.now() + releasedMs,
    analysisMs: ({ sha256 }) => (held.has(sha256) ? HELD_MS : 0),
    resetUnread: (_, modelId) => modelId === UNREAD_MODEL && strike('unread', modelId),
    async onRequest({ kind, sha256 }) {
      if (kind === 'post') await strike('read', sha256)
      else await asked(sha256)
    },
    async onAccepted({ sha256 }) {
      await strike('accepted', sha256)
    },
    async onAnswering({ sha256 }, part) {
      if (part === 'middle') await strike('half the result', sha256)
    },
  })
  return {
    ...emulator,
    killAt(request, { id, sha256 }, { pool, workers }) {
      let struck = false
      strikes.set(`${request} ${request === 'unread' ? UNREAD_MODEL : sha256}`, async () => {
        await workers.kill(await holderOf(pool, id))
        struck = true
      })
      return () => struck
    },
    holdResult({ id, sha256 }, pool) {
      held.add(sha256)
      const { promise, resolve } = Promise.withResolvers<number>()
      onceAsked.set(sha256, async () => resolve(await holderOf(pool, id)))
      return {
        asked: promise,
        release() {
          releasedMs += HELD_MS
        },
      }
    },
  }
}
