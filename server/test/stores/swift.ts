import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import getPort from 'get-port'

/** As of tempauth's user below; the account part may be anything. */
export const SWIFT_KEY = { accessKeyId: 'test:tester', secretAccessKey: 'testing' }

/** Whether this machine has OpenStack Swift, whose s3api is the strictest S3 that Debian packages. */
export function hasSwift(): boolean {
  try {
    execFileSync('swift-proxy-server', ['--help'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const RING = `
import sys
from swift.common.ring import RingBuilder
folder, *ports = sys.argv[1:]
for kind, port in zip(('account', 'container', 'object'), ports):
    builder = RingBuilder(4, 1, 0)
    builder.add_dev({'region': 1, 'zone': 1, 'weight': 1, 'ip': '127.0.0.1', 'port': int(port), 'device': 'd1'})
    builder.rebalance()
    builder.get_ring().save(folder + '/' + kind + '.ring.gz')
`

type Ports = { proxy: number; account: number; container: number; object: number }

/**
 * An S3 server in a folder of its own: Swift with one device and one copy, as four processes of this user.
 * The folder's file system must know extended attributes; Swift's own /etc/swift/swift.conf, as the package brings it, is read.
 */
export async function startSwift(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'adp-swift-'))
  const ports = {
    proxy: await getPort(),
    account: await getPort(),
    container: await getPort(),
    object: await getPort(),
  }
  mkdirSync(path.join(folder, 'devices/d1'), { recursive: true })
  // Debian's own interpreter: another Python that comes first on PATH does not have Swift's modules.
  const python = '/usr/bin/python3'
  execFileSync(python, ['-c', RING, folder, ...[ports.account, ports.container, ports.object].map(String)])
  const kinds = ['account', 'container', 'object', 'proxy'] as const
  const servers = await Promise.all(
    kinds.map(async (kind) => {
      const file = path.join(folder, `${kind}.conf`)
      await writeFile(file, kind === 'proxy' ? proxyConf(folder, ports) : storageConf(folder, kind, ports[kind]))
      return spawn(`swift-${kind}-server`, [file], { stdio: 'ignore' })
    }),
  )
  const stop = async () => {
    for (const server of servers) if (server.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(
      Object.values(ports).map((port) => untilListening(port, () => servers.every((one) => one.exitCode === null))),
    )
  } catch (error) {
    await stop()
    throw error
  }
  return { endpoint: `http://127.0.0.1:${ports.proxy}`, stop }
}

const common = (folder: string, port: number) => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${userInfo().username}
swift_dir = ${folder}
devices = ${folder}/devices
mount_check = false
`

const storageConf = (folder: string, kind: string, port: number) => `${common(folder, port)}
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
`

// tempauth wants a cache to be named; none answers at that port, which it takes for an empty one.
const proxyConf = (folder: string, ports: Ports) => `${common(folder, ports.proxy)}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = ${SWIFT_KEY.secretAccessKey} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
`

export async function untilListening(port: number, alive: () => boolean): Promise<void> {
  while (alive()) {
    const socket = connect(port, '127.0.0.1')
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (open) return
    await delay(50)
  }
  throw new Error('the server ended before it listened')
}
