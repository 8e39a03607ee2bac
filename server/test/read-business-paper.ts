import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AnalyzedDocument, DocumentField } from '@adp/contract/result-fields.ts'
import type { LocallyReadPage } from '../src/extraction/local/local-page.ts'
import { type Drawing, drawnPdf } from './drawn-pdf.ts'
import { readInProcess } from './read-in-process.ts'

/** What the model finds on pages that are drawn. */
export const readPaper = async (
  folder: string,
  model: 'prebuilt-invoice' | 'prebuilt-receipt',
  ...pages: ((drawing: Drawing) => void)[]
): Promise<{ pages: LocallyReadPage[]; documents: AnalyzedDocument[] }> => {
  const file = path.join(folder, 'paper.pdf')
  await writeFile(file, await drawnPdf(...pages))
  const read = await readInProcess(file, 'application/pdf', () => Promise.reject(new Error('there is text')), model)
  return { pages: read, documents: read.flatMap(({ parts }) => parts?.documents ?? []) }
}

/** The value of a field as plain text or number; undefined when it was not found, or has no value. */
export const fieldValue = (field: DocumentField | undefined): unknown =>
  field?.valueCurrency?.amount ??
  field?.valueNumber ??
  field?.valueString ??
  field?.valueDate ??
  field?.valueTime ??
  field?.valuePhoneNumber

/** The values of a document's fields, lines left out. */
export const valuesOf = ({ fields = {} }: AnalyzedDocument): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, { valueArray, type }]) => !valueArray && type !== 'address')
      .map(([name, field]) => [name, fieldValue(field)]),
  )
