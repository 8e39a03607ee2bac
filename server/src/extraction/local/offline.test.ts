import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { ContentType } from '@adp/contract/document.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scannedPdf, textImage, textPdf } from '../../../test/fixtures.ts'
import { emlFile } from '../../../test/mail-files.ts'
import { docxFile } from '../../../test/office-files.ts'

/** Nothing is fetched while documents are read: no model, no data of a language, no font. */
const run = promisify(execFile)
const OFFLINE = path.resolve(import.meta.dirname, '../../../test/offline')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'adp-offline-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A program with a network that has no way out, where the system lets us make one: native code is held by it too. */
const withoutNetwork = (): string[] => {
  try {
    execFileSync('unshare', ['--map-root-user', '--net', 'true'], { stdio: 'ignore' })
    return ['unshare', '--map-root-user', '--net']
  } catch {
    return []
  }
}

async function read(files: [name: string, bytes: Buffer, type: ContentType][]): Promise<string[]> {
  const list = files.map(([name, , contentType]) => ({ path: path.join(folder, name), contentType }))
  for (const [name, bytes] of files) await writeFile(path.join(folder, name), bytes)
  await writeFile(path.join(folder, 'list.json'), JSON.stringify(list))
  const [command = '', ...args] = [...withoutNetwork(), process.execPath, path.join(OFFLINE, 'read.ts')]
  const { stdout } = await run(command, [...args, path.join(folder, 'list.json')])
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('a PDF, a scan, a picture, an Office file and a mail are read without a network', async () => {
  const docx = docxFile('<w:p><w:r><w:t>From Word</w:t></w:r></w:p>')
  const texts = await read([
    ['a.pdf', await textPdf(['Carries its own text']), 'application/pdf'],
    ['b.pdf', await scannedPdf('Scanned in Portugal'), 'application/pdf'],
    ['c.png', await textImage('Drawn as a picture', 'png'), 'image/png'],
    ['d.docx', docx, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    // A mail that would like to know who reads it.
    [
      'e.eml',
      emlFile({ html: '<link rel=stylesheet href="http://127.0.0.1/a.css"><img src="http://127.0.0.1/b.png">Hi' }),
      'message/rfc822',
    ],
  ])
  expect(texts.map((text) => text.split('\n').at(-1))).toEqual([
    'Carries its own text',
    'Scanned in Portugal',
    'Drawn as a picture',
    'From Word',
    'Hi',
  ])
})

test('a child that asks for the network is noticed', async () => {
  const asking = run(process.execPath, [
    ...['--import', path.join(OFFLINE, 'no-network.ts')],
    ...['--eval', "fetch('http://127.0.0.1/').catch(() => {})"],
  ])
  await expect(asking).rejects.toMatchObject({ code: 86, stderr: expect.stringContaining('fetch "http://127.0.0.1/"') })
})
