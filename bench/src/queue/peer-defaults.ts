import { readFileSync } from 'node:fs'
import path from 'node:path'

const MODULES = path.resolve(import.meta.dirname, '../../../node_modules')

/** What a pattern catches in a file of a package. @throws Error when it is not there any more: another version, another default */
function readDefault(file: string, pattern: RegExp): string {
  const found = pattern.exec(readFileSync(path.join(MODULES, file), 'utf8'))?.[1]
  if (found === undefined) throw new Error(`node_modules/${file} has changed: nothing matches ${pattern}`)
  return found
}

/** After how long a job of a killed worker runs again by default, in words, for peers that would keep us waiting. */
export function peerDefaults(): { name: string; sentence: string }[] {
  const locked = readDefault('graphile-worker/dist/sql/resetLockedAt.js', /interval '(\d+ hours)'/)
  const look = readDefault('graphile-worker/dist/config.js', /maxResetLockedInterval: (\d+) \* MINUTE/)
  const expiry = readDefault('pg-boss/dist/plans.js', /expire_seconds: (FIFTEEN_MINUTES),/)
  const monitor = readDefault('pg-boss/dist/attorney.js', /config\.monitorIntervalSeconds \|\| (\d+)/)
  return [
    {
      name: 'graphile-worker',
      sentence: `${locked}, and up to ${look} minutes more until it looks (dist/sql/resetLockedAt.js, dist/config.js)`,
    },
    {
      name: 'pg-boss',
      sentence: `${expiry.toLowerCase().replace('_', ' ')}, and up to ${monitor} s more until it looks (dist/plans.js, dist/attorney.js)`,
    },
  ]
}
