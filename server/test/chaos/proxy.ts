import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * How the proxy breaks a connection at a statement: its bytes arrive in part; or it arrives and its answer never comes; or it arrives so
 * long after the client has seen the connection break, as from a buffer on the way or at a server that was busy.
 */
export type StatementFault = 'in the statement' | 'before the answer' | { arrivesLateMs: number }

type Connection = {
  /** The application_name that the client gave at its start. */
  name: string
  client: Socket
  server: Socket
  /** Set once the statement is sent whose answer must not arrive. */
  answerless: boolean
  /** Set while a statement is on its way whose client has gone. */
  late: boolean
}

type Armed = { fault: StatementFault; wanted: (bytes: string) => boolean; onCut: () => void }

export type FaultyProxy = {
  port: number
  /** Breaks off all connections whose name fits, at once. @returns how many */
  cut(fits: (name: string) => boolean): number
  /** Breaks off the next connection that sends bytes that are wanted. */
  cutNext(fault: StatementFault, wanted: (bytes: string) => boolean, onCut: () => void): void
  /** Lets nothing through in either direction for so long, on new connections either; what was sent meanwhile arrives late. */
  hold(fits: (name: string) => boolean, ms: number): void
  /** Forgets the cuts that have not happened. */
  disarm(): void
  close(): Promise<void>
}

/** Stands between clients and a PostgreSQL, and breaks connections as it is told. */
export async function startProxy(upstreamPort: number, upstreamHost = '127.0.0.1'): Promise<FaultyProxy> {
  const connections = new Set<Connection>()
  /** Those as well whose client has gone, and whose last statement is still to be sent. */
  const upstream = new Set<Socket>()
  let armed: Armed[] = []
  const holds = new Set<(name: string) => boolean>()

  const isHeld = (one: Connection) => [...holds].some((fits) => fits(one.name))
  const applyHolds = () => {
    for (const one of connections) {
      const held = isHeld(one)
      for (const socket of [one.client, one.server]) held ? socket.pause() : socket.resume()
    }
  }

  const server = createServer((client) => {
    const one = { name: '', client, server: connect(upstreamPort, upstreamHost), answerless: false, late: false }
    connections.add(one)
    upstream.add(one.server)
    one.server.on('close', () => upstream.delete(one.server))
    link(one, () => connections.delete(one))
    client.on('data', (chunk) => {
      if (!one.name) {
        one.name = nameIn(chunk)
        applyHolds()
      }
      const bytes = chunk.toString('latin1')
      const next = armed.find(({ wanted }) => wanted(bytes))
      if (!next) return one.server.write(chunk)
      armed = armed.filter((other) => other !== next)
      cutAt(one, chunk, next.fault)
      next.onCut()
    })
    one.server.on('data', (chunk) => {
      if (one.answerless) breakOff(one)
      else client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const fitting = (fits: (name: string) => boolean) => [...connections].filter((one) => fits(one.name))
  return {
    port: (server.address() as AddressInfo).port,
    cut(fits) {
      const cut = fitting(fits)
      cut.forEach(breakOff)
      return cut.length
    },
    cutNext(fault, wanted, onCut) {
      armed.push({ fault, wanted, onCut })
    },
    hold(fits, ms) {
      // A function of its own for each call, so that one end does not end another's.
      const held = (name: string) => fits(name)
      holds.add(held)
      applyHolds()
      setTimeout(() => {
        holds.delete(held)
        applyHolds()
      }, ms)
    },
    disarm() {
      armed = []
    },
    close() {
      for (const one of connections) breakOff(one)
      for (const socket of upstream) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** One side's end is the other's, after what was sent. */
function link(one: Connection, onClosed: () => void): void {
  const { client, server } = one
  for (const socket of [client, server]) {
    socket.setNoDelay(true)
    socket.on('error', () => {})
  }
  client.on('close', () => {
    if (!one.late) server.end()
    onClosed()
  })
  server.on('close', () => client.end())
}

function cutAt(one: Connection, chunk: Buffer, fault: StatementFault): void {
  if (fault === 'before the answer') {
    one.answerless = true
    one.server.write(chunk)
    return
  }
  if (fault === 'in the statement') {
    one.server.end(chunk.subarray(0, Math.ceil(chunk.length / 2)))
  } else {
    one.late = true
    setTimeout(() => one.server.end(chunk), fault.arrivesLateMs)
  }
  one.client.resetAndDestroy()
}

/** The client sees a reset; the server an end in the middle of whatever it was doing. */
function breakOff(one: Connection): void {
  one.client.resetAndDestroy()
  one.server.destroy()
}

/** From the startup message, which has its parameters in plain text. */
function nameIn(chunk: Buffer): string {
  return /application_name\0([^\0]*)\0/.exec(chunk.toString('latin1'))?.[1] ?? ''
}
