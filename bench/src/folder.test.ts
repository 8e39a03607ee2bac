import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { folderOf } from './folder.ts'

test('a relative folder is made absolute', () => {
  expect(folderOf(path.relative(process.cwd(), tmpdir()), 'usage')).toBe(path.resolve(tmpdir()))
})

test('none says how the script is called, and one that is not there says so', () => {
  expect(() => folderOf(undefined, 'usage: it')).toThrow('usage: it')
  expect(() => folderOf(path.join(tmpdir(), 'adp-not-there'), 'usage')).toThrow('adp-not-there')
})
