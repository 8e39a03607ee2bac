import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** A recorded answer, and the document it is of where that is kept too. */
export type Recording = { answer: string; document?: string; modelId: string }

/**
 * The recorded answers of a folder whose MANIFEST.tsv names them: columns `file`, `model` and `source_doc`, which is `-` where the document
 * is not in the folder. Lines without a model are no results.
 * @throws Error when the manifest has no such columns
 */
export async function readRecordings(folder: string): Promise<Recording[]> {
  const [head = '', ...lines] = (await readFile(path.join(folder, 'MANIFEST.tsv'), 'utf8')).trimEnd().split(/\r?\n/)
  const columns = head.split('\t')
  for (const column of ['file', 'model', 'source_doc']) {
    if (!columns.includes(column)) throw new Error(`${folder}/MANIFEST.tsv has no column ${column}`)
  }
  const present = new Set(await readdir(folder))
  return lines.flatMap((line) => {
    const cells = line.split('\t')
    const cell = (column: string) => cells[columns.indexOf(column)] ?? '-'
    if (cell('model') === '-') return []
    const document = cell('source_doc')
    return {
      answer: path.join(folder, cell('file')),
      modelId: cell('model'),
      ...(present.has(document) && { document: path.join(folder, document) }),
    }
  })
}

/** @param pairs a document's file and that of its recorded answer. @returns what the emulator's `answers` takes */
export async function answersFor(pairs: { document: string; answer: string }[]): Promise<Map<string, string>> {
  const entries = pairs.map(async ({ document, answer }) => [await sha256Of(document), answer] as const)
  return new Map(await Promise.all(entries))
}

const sha256Of = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
