import { readFileSync } from 'node:fs'
import path from 'node:path'

type Entry = {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  os?: string[]
  cpu?: string[]
  hasInstallScript?: boolean
  optional?: boolean
  link?: boolean
  resolved?: string
}

/** A package as package-lock.json has it; `place` is its folder. */
export type LockedPackage = Entry & { place: string; name: string }

const ROOT = path.resolve(import.meta.dirname, '../..')
const read = (name: string) => JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'))

/** Which scripts of installation package.json lets run. */
export const allowedScripts = (): Record<string, boolean> => read('package.json').allowScripts
export const readme = (): string => readFileSync(path.join(ROOT, 'README.md'), 'utf8')

/** All packages that a workspace may load when it runs, on whatever platform: no tools of development. */
export function packagesOf(workspace: string): LockedPackage[] {
  const entries = read('package-lock.json').packages as Record<string, Entry>
  const found = new Map<string, LockedPackage>()

  /** As Node looks for it: in the nearest folder upwards that has it. */
  const locate = (name: string, from: string): string | undefined => {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
      const place = path.posix.join(folder, 'node_modules', name)
      if (entries[place]) return place
      if (folder === '') return undefined
    }
  }
  const visit = (place: string, name: string): void => {
    const entry = entries[place]
    if (!entry || found.has(place)) return
    if (entry.link) {
      visit(entry.resolved ?? '', name)
      return
    }
    found.set(place, { ...entry, place, name })
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = entry
    for (const needed of Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies })) {
      const at = locate(needed, place)
      if (at) visit(at, needed)
    }
  }
  visit(workspace, workspace)
  return [...found.values()]
}
