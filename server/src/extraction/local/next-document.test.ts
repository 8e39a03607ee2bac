import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ContentType } from '@adp/contract/document.ts'
import pino from 'pino'
import { expect, test } from 'vitest'
import { useScratch } from '../../../test/scratch.ts'
import type { ExtractionEvents } from '../extractor.ts'
import { createLocalExtractor } from './local-extractor.ts'

const scratch = useScratch()
const FILES = [1, 2, 3]

const mailOf = (mail: number) =>
  [
    ...['From: a@b.c', 'To: d@e.f', 'Subject: files', 'MIME-Version: 1.0'],
    ...['Content-Type: multipart/mixed; boundary="B"', '', '--B', 'Content-Type: text/plain', '', 'There are files.'],
    ...FILES.flatMap((file) => [
      ...['--B', `Content-Type: text/plain; name="${file}.txt"`],
      ...[`Content-Disposition: attachment; filename="${file}.txt"`, '', `of mail ${mail}, file ${file}`],
    ]),
    ...['--B--', ''],
  ].join('\r\n')

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 100))

test('a document gets its own answers while the one before it is still being stored', async () => {
  const extractor = createLocalExtractor({
    ...{ maxChildren: 1, memoryBytes: 2 ** 30, pageTimeoutMs: 60_000, totalTimeoutMs: 60_000, maxPages: 10 },
    ...{ languages: ['eng'], log: pino({ level: 'silent' }) },
  })
  const read = async (text: string, contentType: ContentType, events: Partial<ExtractionEvents>) => {
    const file = path.join(scratch.folder, `${crypto.randomUUID()}.txt`)
    await writeFile(file, text)
    const input = { path: file, contentType, pagesDone: new Set<number>() }
    return extractor.begin(input, { onOpened: soon, onPage: soon, ...events }, new AbortController().signal)
  }
  const [stored, ending] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const first = read('A page of text', 'text/plain', { onPage: () => stored.promise, onEnding: ending.resolve })
  await ending.promise
  const taken: string[] = []
  const onAttachment: ExtractionEvents['onAttachment'] = async (attachment) => {
    await soon()
    taken.push((await readFile(attachment.path, 'utf8')).trim())
  }
  await Promise.all([1, 2].map((mail) => read(mailOf(mail), 'message/rfc822', { onAttachment })))
  stored.resolve()
  await first
  expect(taken.sort()).toEqual([1, 2].flatMap((mail) => FILES.map((file) => `of mail ${mail}, file ${file}`)))
  await extractor.close()
})
