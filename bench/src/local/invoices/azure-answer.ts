import { readFile } from 'node:fs/promises'
import type { DocumentField } from '@adp/contract/result-fields.ts'

/** A field of version 2: its text was called `text`, and amounts were numbers. */
type Field2 = Record<string, unknown> & {
  text?: string
  valueArray?: Field2[]
  valueObject?: Record<string, Field2>
}

/** What has been renamed since, in receipts. */
const RENAMED: Record<string, string> = { Tax: 'TotalTax', Name: 'Description' }

const toNewer = ({ text, valueArray, valueObject, ...field }: Field2): DocumentField =>
  ({
    ...field,
    ...(text === undefined ? {} : { content: text }),
    ...(valueArray ? { valueArray: valueArray.map(toNewer) } : {}),
    ...(valueObject ? { valueObject: fieldsOf2(valueObject) } : {}),
  }) as DocumentField

const fieldsOf2 = (fields: Record<string, Field2 | null>): Record<string, DocumentField> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => (field ? [[RENAMED[name] ?? name, toNewer(field)]] : [])),
  )

/** The fields of the first document of an answer of Azure's, of version 2 ("documentResults") or newer, and whether it is a receipt. */
export const readAzureAnswer = async (
  file: string,
): Promise<{ fields: Record<string, DocumentField>; isReceipt: boolean }> => {
  const { analyzeResult } = JSON.parse(await readFile(file, 'utf8'))
  const [old] = analyzeResult.documentResults ?? []
  if (old) return { fields: fieldsOf2(old.fields), isReceipt: old.docType === 'prebuilt:receipt' }
  return {
    fields: analyzeResult.documents?.[0]?.fields ?? {},
    isReceipt: analyzeResult.modelId === 'prebuilt-receipt',
  }
}
