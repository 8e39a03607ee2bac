import { exec } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const ROOT = path.resolve(import.meta.dirname, '../..')
const SOURCES = [
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'web/public',
  'web/src',
  'contract/src',
  'package-lock.json',
]

/**
 * Builds the page's bundle, the only thing here that is built, unless it is newer than all it is made from. A container image has only
 * the bundle, and nothing to build it from.
 * @throws Error with the bundler's words when the build fails
 */
export async function buildPageIfStale(): Promise<void> {
  const built = await newest(path.join(ROOT, 'web/dist/index.html'))
  const changed = Math.max(...(await Promise.all(SOURCES.map((source) => newest(path.join(ROOT, source))))))
  if (built >= changed) return
  await promisify(exec)('npm run build -w web', { cwd: ROOT })
}

/** When a file, or the newest file below a folder, was changed, in milliseconds since 1970; 0 when it is not there. */
async function newest(place: string): Promise<number> {
  const found = await stat(place).catch(() => null)
  if (!found) return 0
  if (!found.isDirectory()) return found.mtimeMs
  const below = await Promise.all((await readdir(place)).map((name) => newest(path.join(place, name))))
  return Math.max(0, ...below)
}
