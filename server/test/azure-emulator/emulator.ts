import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGateway } from './gateway.ts'
import { type Counts, type LedgerEntry, openBooks } from './ledger.ts'
import { createOperations } from './operations.ts'
import { type AzureEmulatorOptions, withDefaults } from './options.ts'
import { sendJson } from './responding.ts'
import { ServiceError } from './service-error.ts'

export type AzureEmulator = {
  /** The endpoint, without a slash at its end. */
  url: string
  key: string
  /** What was accepted, and so would be billed, by content. */
  ledger(): LedgerEntry[]
  counts(): Counts
  /** Ends all connections, hanging ones too. */
  close(): Promise<void>
}

/**
 * Azure Document Intelligence, API 2024-11-30, as far as analyzing documents goes, on this machine: strict about what it is asked, exact in
 * how it answers, and wrong on purpose when it is told to be. Nothing is recognised: a content has the answer that was recorded for it, or
 * a generated one.
 *
 * Shapes, statuses and codes are the service's, from recorded answers and its documentation. Nothing says, and so these are assumed: the
 * details after "is invalid:", which of two errors comes first, that an empty body is InvalidContent, that a DELETE has no rate limit, how a
 * second's worth of requests comes back after a pause (a token bucket), and how long an analysis is notStarted.
 */
export async function startAzureEmulator(options: AzureEmulatorOptions): Promise<AzureEmulator> {
  const settings = withDefaults(options)
  const books = openBooks()
  let url = ''
  const gateway = createGateway({
    settings,
    limits: options.limits,
    books,
    operations: createOperations(),
    endpoint: () => url,
    startedAtMs: settings.now(),
  })
  const server = createServer((request, response) => {
    void answer(request, response, gateway)
  })
  // What hangs on purpose must not be ended by a default of node:http.
  server.requestTimeout = 0
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    key: settings.key,
    ledger: books.ledger,
    counts: books.counts,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** What a request handler throws without meaning an answer is a fault of the emulator or of its script, and says so to the client. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<void> {
  try {
    await handle(request, response)
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy()
    if (error instanceof ServiceError) return sendJson(response, error.status, error.body)
    sendJson(response, 500, { error: { code: 'EmulatorBroken', message: String(error) } })
  }
}
