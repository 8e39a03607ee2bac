import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Damage = {
  /** Flips a bit of every run of this text on its way to the server. */
  flip?: string
  /** Breaks the connection once the server has sent so many bytes on it. */
  cutAfter?: number
  /** Breaks every connection, as a service does that is being restarted. */
  refuse?: boolean
  /** Passes nothing back, as a service does that is frozen. A connection on which it has begun stays so. */
  silence?: boolean
  /** Set once something was not passed back. */
  swallowed?: boolean
}

/** A line to a local port that damages what passes, as told at the moment. */
export async function startDamagingProxy(port: number): Promise<{ port: number; damage: Damage; close(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream])
      sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}))
    let received = 0
    let silent = false
    if (proxy.damage.refuse) client.destroy()
    client.on('data', (data) => {
      // Connections are kept for the next request.
      if (proxy.damage.refuse) client.destroy()
      else upstream.write(flipped(data, proxy.damage.flip))
    })
    upstream.on('data', (data) => {
      if (proxy.damage.silence) {
        silent = true
        proxy.damage.swallowed = true
      }
      if (silent) return
      received += data.length
      client.write(data)
      if (received < (proxy.damage.cutAfter ?? Number.POSITIVE_INFINITY)) return
      client.destroySoon()
      upstream.destroy()
    })
    client.on('close', () => upstream.destroy())
    // What is frozen does not hang up either.
    upstream.on('close', () => silent || client.destroySoon())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  const proxy = { port: (server.address() as AddressInfo).port, damage: {} as Damage, close }
  return proxy
}

function flipped(data: Buffer, text: string | undefined): Buffer {
  const at = text === undefined ? -1 : data.indexOf(text)
  if (at >= 0) data[at] = (data[at] as number) ^ 1
  return data
}
