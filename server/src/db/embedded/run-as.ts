import { execFile, type SpawnOptions, spawn } from 'node:child_process'
import { chown, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Who the database's programs run as. PostgreSQL refuses to be root, so root hands them to another user. */
export type RunAs = { uid: number; gid: number; needsCapability: boolean } | null

type Command = { file: string; args: string[]; options: SpawnOptions }

/**
 * Decides whom PostgreSQL runs as: the caller, or, when that is root, the owner of an existing data folder, else the user
 * `postgres`, else `nobody`. No user is created.
 * @param paths what the programs must reach: the data folder and the binaries
 * @throws Error when root has no user to hand them to
 */
export async function chooseRunAs(dataFolder: string, paths: string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return null
  const owner = await stat(dataFolder).catch(() => null)
  const user = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : await findUser(['postgres', 'nobody'])
  return { ...user, needsCapability: !(await reachableByAll([dataFolder, ...paths])) }
}

async function findUser(names: string[]): Promise<{ uid: number; gid: number }> {
  for (const name of names) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
      )
      if (uid !== undefined && gid !== undefined) return { uid, gid }
    } catch {
      // No such user; the next one may exist.
    }
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody" to run it as. ' +
      'Start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

/** Whether every folder above the paths lets any user through. */
async function reachableByAll(paths: string[]): Promise<boolean> {
  const folders = new Set<string>()
  for (const start of paths) {
    for (let folder = path.dirname(start); !folders.has(folder); folder = path.dirname(folder)) folders.add(folder)
  }
  const modes = await Promise.all([...folders].map((folder) => stat(folder).then((found) => found.mode)))
  return modes.every((mode) => (mode & 0o001) !== 0)
}

/**
 * Below a folder of mode 700 (a clone in root's home) another user reaches neither binaries nor data. There the program keeps one
 * single right of root, CAP_DAC_OVERRIDE. no_setuid_fixup is needed with it: PostgreSQL tests its binaries by access(2), which
 * otherwise drops the capability of a real uid that is not 0.
 */
function withCapability(uid: number, gid: number, file: string, args: string[]): { file: string; args: string[] } {
  const only = '-all,+dac_override'
  return {
    file: 'setpriv',
    args: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--securebits=+no_setuid_fixup',
      `--inh-caps=${only}`,
      `--ambient-caps=${only}`,
      `--bounding-set=${only}`,
      '--',
      file,
      ...args,
    ],
  }
}

function command(as: RunAs, file: string, args: string[], options: SpawnOptions): Command {
  if (!as) return { file, args, options }
  if (as.needsCapability) return { ...withCapability(as.uid, as.gid, file, args), options }
  return { file, args, options: { ...options, uid: as.uid, gid: as.gid } }
}

/** Spawns a program of PostgreSQL as the chosen user. */
export function spawnAs(as: RunAs, file: string, args: string[], options: SpawnOptions) {
  const { file: program, args: all, options: rest } = command(as, file, args, options)
  return spawn(program, all, rest)
}

/**
 * Runs a program of PostgreSQL as the chosen user, to its end.
 * @throws Error with what the program wrote, and with what to do when it may not reach its files
 */
export async function runAs(as: RunAs, file: string, args: string[]): Promise<void> {
  const child = spawnAs(as, file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.on('error', (error) => reject(explain(as, file, error)))
    child.on('close', (status, signal) => resolve(signal ?? status))
  })
  if (code !== 0) throw new Error(`${path.basename(file)} ended with ${code}:\n${output.trim()}`)
}

/** A program that cannot be started as another user says only ENOENT or EACCES; this says what to do. */
export function explain(as: RunAs, file: string, error: Error): Error {
  if (!as) return new Error(`${file} cannot be started: ${error.message}`, { cause: error })
  return new Error(
    `PostgreSQL cannot be started as another user than root from here: ${error.message}. ` +
      'Install `setpriv` (util-linux), or move the project and DATA_DIR to folders that every user may enter, ' +
      'or start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
    { cause: error },
  )
}

/** Gives a folder to the chosen user. */
export async function giveTo(as: RunAs, folder: string): Promise<void> {
  if (as) await chown(folder, as.uid, as.gid)
}
