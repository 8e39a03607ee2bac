import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a request is answered instead of by the service. */
export type Telltale = (response: ServerResponse, key: string) => void
/** By document: what its requests meet, one after another; after that, the service. */
export type Script = { post?: Telltale[]; get?: Telltale[] }

const says = (status: number, headers: Record<string, string> = {}): Telltale => {
  return (response, key) =>
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(`<h1>${status}</h1> Your key is ${key}`)
}
const accepts =
  (location: (key: string) => string): Telltale =>
  (response, key) =>
    response.writeHead(202, { 'operation-location': location(key) }).end()

/** What a gateway may do that says back what it was sent, the key among it. */
export const TELLTALES = {
  denies: says(401),
  breaks: says(500),
  timesOut: says(502),
  throttles: says(429, { 'retry-after': '1' }),
  resets: (response) => response.destroy(),
  givesNoUrl: accepts((key) => `the operation of ${key}`),
  leadsAway: accepts((key) => `https://elsewhere.invalid/analyzeResults/1?subscription-key=${key}`),
} satisfies Record<string, Telltale>

/**
 * A gateway before the service that tells the key wherever it can: in its errors, and, as those that take the key in the query do, in
 * each Operation-Location.
 * @param next the script of the next request of a kind
 */
export async function startTelltaleGateway(service: string, next: (kind: 'post' | 'get') => Telltale | undefined) {
  let url = ''
  const server = createServer((request, response) => {
    const key = String(request.headers['ocp-apim-subscription-key'])
    const telltale = next(request.method === 'POST' ? 'post' : 'get')
    if (!telltale)
      return void pass(request, response, service, (location) => `${inFront(location, url)}&subscription-key=${key}`)
    request.resume()
    request.once('end', () => telltale(response, key))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const inFront = (location: string, url: string): string => location.replace(new URL(location).origin, url)

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  service: string,
  change: (location: string) => string,
): Promise<void> {
  const { method, headers } = request
  const outgoing = send(`${service}${request.url}`, { method, headers: { ...headers, host: new URL(service).host } })
  request.pipe(outgoing)
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  const location = incoming.headers['operation-location']
  response.writeHead(incoming.statusCode ?? 500, {
    ...incoming.headers,
    ...(location && { 'operation-location': change(String(location)) }),
  })
  incoming.pipe(response)
}
