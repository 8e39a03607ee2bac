import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ContentType } from '@adp/contract/document.ts'
import { pino } from 'pino'
import { createLocalExtractor } from '../../src/extraction/local/local-extractor.ts'

/**
 * Reads files with the local engine, whose children have no network, and prints the text of each as a line of JSON. Arguments: a list of
 * `{ path, contentType }`, as a file of JSON.
 */
const [list = ''] = process.argv.slice(2)
const files = JSON.parse(await readFile(list, 'utf8')) as { path: string; contentType: string }[]

const extractor = createLocalExtractor({
  ...{ maxChildren: 1, memoryBytes: 2 ** 30, pageTimeoutMs: 120_000, totalTimeoutMs: 170_000, maxPages: 50 },
  ...{ languages: ['eng', 'por'], log: pino({ level: 'silent' }) },
  childPath: fileURLToPath(new URL('./child.ts', import.meta.url)),
})
for (const { path, contentType } of files) {
  let text = ''
  const events = {
    onOpened: async () => {},
    onPage: async ({ content }: { content: string }) => {
      text += content
    },
  }
  const input = { path, contentType: ContentType.parse(contentType), pagesDone: new Set<number>() }
  await extractor.begin(input, events, new AbortController().signal)
  console.log(JSON.stringify(text))
}
await extractor.close()
