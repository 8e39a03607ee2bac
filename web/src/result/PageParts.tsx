import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import { useTranslation } from 'react-i18next'
import { DocumentFields, KeyValuePairs } from './Fields.tsx'
import { placeKey } from './place-key.ts'
import { ResultTable } from './ResultTable.tsx'

/** What begins on a page beside its text: documents with their fields, pairs of keys and values, tables. Nothing when there is none. */
export function PageParts({ result }: { result: AnalyzeResult }) {
  const { t } = useTranslation()
  const { documents = [], keyValuePairs = [], tables = [] } = result
  return (
    <>
      {documents.length > 0 && <h2>{t('result.fields')}</h2>}
      {documents.map((document, index) => (
        <DocumentFields key={placeKey(index)} document={document} />
      ))}
      {keyValuePairs.length > 0 && <KeyValuePairs pairs={keyValuePairs} />}
      {tables.length > 0 && <h2>{t('result.tables')}</h2>}
      {tables.map((table, index) => (
        <ResultTable key={placeKey(index)} table={table} n={index + 1} />
      ))}
    </>
  )
}
