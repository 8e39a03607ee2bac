import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { GENERATED, generateTypes } from '../dev/generate-types.ts'
import { useDatabase } from './database.ts'

// Not the template: nothing can be cloned from it while somebody is connected.
const database = useDatabase()

async function readAll(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).sort()
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')])),
  )
}

test('the generated row types are those of the live schema (npm run generate-types makes them anew)', async () => {
  const fresh = await mkdtemp(path.join(tmpdir(), 'adp-types-'))
  try {
    await generateTypes(database.url, fresh)
    const live = await readAll(fresh)
    expect(Object.keys(live)).toContain(path.join('public', 'DocumentProcessingJobs.ts'))
    expect(await readAll(GENERATED)).toEqual(live)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
})
