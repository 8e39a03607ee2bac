import { spawnSync } from 'node:child_process'

/** A program that is run behind these words has no network: of a namespace of its own, where it has a loopback that is down. */
const UNSHARE = ['unshare', '--map-root-user', '--net', '--']

let found: readonly string[] | null = null

/**
 * What to put before a command so that it has no network, its native code included; nothing where the system does not let us. That is on
 * Linux only, and not in every container: Docker's own rules forbid it, and so does Ubuntu's AppArmor for programs it does not know.
 * Asked once, for some 10 ms.
 */
export const withoutNetwork = (): readonly string[] => {
  if (process.platform !== 'linux') return []
  const [program = '', ...args] = UNSHARE
  found ??= spawnSync(program, [...args, 'true'], { stdio: 'ignore', timeout: 5000 }).status === 0 ? UNSHARE : []
  return found
}
