import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** One thing that the queue must not lose, and how to break it. */
export type Guard = {
  guard: string
  file: string
  /** Occurs once in the file. */
  text: string
  broken: string
  /** Test files that should notice. */
  tests: string[]
}

/**
 * Reads the lists of guards. `# ` names a file; then come the guard's name, the test files (below server/src/queue, or server/src when there is a
 * folder), the text with `- ` before it, and what it is broken to with `+ `.
 */
export async function readGuards(folder: string): Promise<Guard[]> {
  const files = (await readdir(folder)).sort()
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))
  return texts.flatMap(parse)
}

function parse(text: string): Guard[] {
  const guards: Guard[] = []
  const lines = text.split('\n').filter((line) => line !== '')
  let file = ''
  for (let n = 0; n < lines.length; ) {
    const [guard = '', tests = '', from = '', to = ''] = lines.slice(n, n + 4)
    if (guard.startsWith('# ')) {
      file = guard.slice(2)
      n += 1
      continue
    }
    if (!file || !/^ {2}tests: /.test(tests) || !/^ {2}- /.test(from) || !/^ {2}\+/.test(to)) {
      throw new Error(`Not a guard: ${[guard, tests, from, to].join('\n')}`)
    }
    guards.push({ guard, file, tests: testFiles(tests), text: from.slice(4), broken: to.slice(4) })
    n += 4
  }
  return guards
}

const testFiles = (line: string) =>
  line
    .slice('  tests: '.length)
    .split(', ')
    .map((name) => `server/src/${name.includes('/') ? '' : 'queue/'}${name}.test.ts`)
