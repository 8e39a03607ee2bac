import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { DocumentField } from '@adp/contract/result-fields.ts'
import { type ShownField, type ShownPage, shownCell } from '../../../test/shown-result.ts'
import { formatFor } from '../../../web/src/format.ts'
import { en } from '../../../web/src/i18n/en.ts'
import { fieldText } from '../../../web/src/result/field-text.ts'

const format = formatFor('en')

/** What the page about a document has to show, in English, of one page of its result. */
export function expectedPage({
  content,
  pages,
  tables = [],
  documents = [],
  keyValuePairs = [],
}: AnalyzeResult): ShownPage {
  const [page] = pages
  const isPlaced = ({ polygon }: { polygon?: unknown }) => polygon !== undefined && page?.width !== undefined
  return {
    text: content,
    words: (page?.words ?? []).filter(isPlaced).map((word) => word.content),
    marks: (page?.selectionMarks ?? []).filter(isPlaced).map(({ state }) => state === 'selected'),
    tables: tables.map(({ cells }) =>
      cells
        .toSorted((a, b) => a.rowIndex - b.rowIndex || a.columnIndex - b.columnIndex)
        .map((cell) =>
          shownCell(cell.rowIndex, cell.columnIndex, {
            ...{ rows: cell.rowSpan ?? 1, columns: cell.columnSpan ?? 1, text: cell.content },
          }),
        ),
    ),
    fields: [
      ...documents.map(({ docType, fields = {} }) => ({ of: docType, fields: textsOf(fields) })),
      ...(keyValuePairs.length > 0 ? [{ of: en.result.pairs, fields: keyValuePairs.map(textOfPair) }] : []),
    ],
  }
}

const textOfPair = ({ key, value }: { key: { content: string }; value?: { content: string } }): ShownField => [
  key.content,
  value?.content ?? en.result.not_found,
]

/** Every value that has no others in it, by name. */
const textsOf = (fields: Record<string, DocumentField>, before: string[] = []): ShownField[] =>
  Object.keys(fields)
    .sort()
    .flatMap((name) => textsOfField(fields[name] as DocumentField, [...before, name]))

function textsOfField(field: DocumentField, path: string[]): ShownField[] {
  const { valueObject, valueArray } = field
  if (valueObject) return textsOf(valueObject, path)
  if (valueArray) return valueArray.flatMap((each, index) => textsOfField(each, [...path, String(index)]))
  return [[path.join('.'), fieldText(field, format, en.result) ?? en.result.not_found]]
}
