import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'

/** Loaded before a program: whoever looks up a name or opens a connection ends the process, and its last words say what it wanted. */
const refuse =
  (what: string) =>
  (...args: unknown[]): never => {
    process.stderr.write(`THE NETWORK WAS ASKED FOR: ${what} ${JSON.stringify(args[0])}\n`)
    process.exit(86)
  }

net.Socket.prototype.connect = refuse('connect') as never
dgram.createSocket = refuse('dgram') as never
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6'] as const) {
  dns[name] = refuse(`dns.${name}`) as never
  dns.promises[name] = refuse(`dns.promises.${name}`) as never
}
globalThis.fetch = refuse('fetch') as never
