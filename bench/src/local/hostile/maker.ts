import { writeFile } from 'node:fs/promises'
import { candidates } from './candidates.ts'

/**
 * The process that makes the files, since what that takes is not the worker's memory. Arguments: corpus, mutants, seed, only. It tells what
 * there is, and writes the n-th into a file when it is asked to.
 */
const [corpus = '', count, seed, only = ''] = process.argv.slice(2)
const all = await candidates(corpus, Number(count), Number(seed), only)

process.on('message', async ({ index, file }: { index: number; file: string }) => {
  await writeFile(file, (await all[index]?.make()) ?? '')
  process.send?.('made')
})
process.send?.(all.map(({ kind, type }) => ({ kind, type })))
