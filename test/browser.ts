import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/**
 * Starts the headless Chromium that came with `npm ci`; nothing is downloaded and the machine needs no browser, fonts or
 * libnss3 of its own. Works as root and as a user without rights.
 * The first call on a machine unpacks it (about 2 s, 210 MB below the system's folder for temporary files).
 * The caller closes the browser.
 */
export async function launchBrowser(): Promise<Browser> {
  const folder = await unpacked()
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    // Root cannot use Chromium's sandbox, and containers often forbid it to everybody. It only opens our own page.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    env: {
      ...process.env,
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
    },
  })
}

/**
 * The folder with the unpacked browser. Not the package's own `executablePath()`: that takes any `/tmp/chromium` that
 * exists, so one that another process is still writing, or that belongs to another user (mode 700). Here each user has
 * a folder of their own, and it appears under its name only when it is whole.
 */
async function unpacked(): Promise<string> {
  const { packages, version } = packageFolder()
  const folder = join(tmpdir(), `async-doc-processing-chromium-${version}-${userInfo().uid}`)
  if (existsSync(folder)) return folder

  const unfinished = await mkdtemp(`${folder}-`)
  await inflateInto(
    unfinished,
    ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((name) => join(packages, name)),
  )
  await writeFile(join(unfinished, 'fonts.conf'), fontsConf(join(folder, 'fonts')))
  await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
    await rm(unfinished, { recursive: true, force: true })
    // Somebody else was faster: theirs is as good as ours.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  return folder
}

/** `inflate` writes below os.tmpdir() and takes no other folder. It reads that at once, so the change lasts no tick. */
async function inflateInto(folder: string, archives: string[]): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  const done = archives.map((archive) => inflate(archive))
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  await Promise.all(done)
}

/** The package's own fonts.conf names folders that only its first use, AWS Lambda, has. */
const fontsConf = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

function packageFolder(): { packages: string; version: string } {
  const require = createRequire(import.meta.url)
  const manifest = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'package.json')
  const { version } = require(manifest) as { version: string }
  return { packages: join(dirname(manifest), 'bin'), version }
}
