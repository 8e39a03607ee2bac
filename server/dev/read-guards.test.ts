import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readGuards } from './read-guards.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

test('what a guard is broken by is still there, once', async () => {
  const guards = await readGuards(path.join(import.meta.dirname, 'guards'))
  const occurrences = async ({ file, text }: (typeof guards)[number]) =>
    (await readFile(path.join(ROOT, file), 'utf8')).split(text).length - 1
  const found = await Promise.all(
    guards.map(async (guard) => ({ guard: guard.guard, occurs: await occurrences(guard) })),
  )
  expect(found.filter(({ occurs }) => occurs !== 1)).toEqual([])
  expect(found.length).toBeGreaterThan(100)
})
