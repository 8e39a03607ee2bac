import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'

const headersOf = () => ({ 'apim-request-id': randomUUID(), 'x-content-type-options': 'nosniff' })

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  const json = JSON.stringify(body)
  response.writeHead(status, {
    ...headersOf(),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(json),
    ...headers,
  })
  response.end(json)
}

export function sendEmpty(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headersOf(), 'content-length': 0, ...headers }).end()
}

export function sendHtml(response: ServerResponse, status: number): void {
  const html = `<html><head><title>${status} Bad Gateway</title></head><body><h1>${status} Bad Gateway</h1></body></html>`
  response.writeHead(status, { 'content-type': 'text/html', 'content-length': html.length }).end(html)
}

/** Sends a large JSON in halves. @param between awaited when the first half is on its way; 'cut' destroys the connection there */
export async function sendHalves(
  response: ServerResponse,
  json: string,
  between: () => Promise<void> | 'cut',
): Promise<void> {
  const bytes = Buffer.from(json)
  const half = Math.floor(bytes.length / 2)
  response.writeHead(200, {
    ...headersOf(),
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
  })
  if (!response.write(bytes.subarray(0, half))) await Promise.race([once(response, 'drain'), once(response, 'close')])
  const how = between()
  if (how === 'cut') {
    // After what was written: destroyed at once, the client might not even get the head.
    setImmediate(() => response.destroy())
    return
  }
  await how
  response.end(bytes.subarray(half))
}

/** Half of the JSON as if it were all: the length in the head is that of the half. */
export function sendTruncated(response: ServerResponse, json: string): void {
  const bytes = Buffer.from(json)
  const half = bytes.subarray(0, Math.floor(bytes.length / 2))
  response
    .writeHead(200, {
      ...headersOf(),
      'content-type': 'application/json; charset=utf-8',
      'content-length': half.length,
    })
    .end(half)
}
