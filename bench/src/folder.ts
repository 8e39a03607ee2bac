import { statSync } from 'node:fs'
import path from 'node:path'

/** The folder that a script was given, as an absolute path: children of the local engine run in folders of their own, where a relative one leads nowhere. */
export function folderOf(argument: string | undefined, usage: string): string {
  if (!argument) throw new Error(usage)
  const folder = path.resolve(argument)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`There is no folder ${folder}`)
  return folder
}
