import type { Table, TableCell } from '@adp/contract/result-tables.ts'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/use-format.ts'
import { placeKey } from './place-key.ts'
import { tableRows } from './table-rows.ts'

// A wide table is scrolled, and who has no mouse can do so only where it takes the focus.
const SCROLLED = { tabIndex: 0 }

const SCOPES: Record<string, 'col' | 'row'> = { columnHeader: 'col', stubHead: 'col', rowHeader: 'row' }

/** A table that was found on a page, under its caption or its number. */
export function ResultTable({ table, n }: { table: Table; n: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = table.caption?.content ?? t('result.table', { n: format.number(n) })
  // A table of headers only heads nothing.
  const headsSomething = table.cells.some((cell) => scopeOf(cell) === undefined)
  const rows = tableRows(table)
  return (
    <section className="found-table" aria-label={name} {...SCROLLED}>
      <table>
        <caption>{name}</caption>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.map((entry) => ('gap' in entry ? entry.gap : `${entry.rowIndex}/${entry.columnIndex}`)).join()}
            >
              {row.map((entry) =>
                'gap' in entry ? (
                  <td key={`gap ${entry.gap}`} />
                ) : (
                  <Cell key={entry.columnIndex} cell={entry} heads={headsSomething} />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {table.footnotes?.map((note, index) => (
        <p key={placeKey(index)} className="muted">
          {note.content}
        </p>
      ))}
    </section>
  )
}

/** Which cells a header cell heads; nothing for other cells, and for a header without a word. */
const scopeOf = ({ kind = 'content', content }: TableCell) => (content.trim() === '' ? undefined : SCOPES[kind])

function Cell({ cell, heads }: { cell: TableCell; heads: boolean }) {
  const { rowSpan = 1, columnSpan: colSpan = 1, content } = cell
  const scope = heads ? scopeOf(cell) : undefined
  if (scope === undefined) return <td {...{ rowSpan, colSpan }}>{content}</td>
  return (
    <th {...{ rowSpan, colSpan }} scope={scope}>
      {content}
    </th>
  )
}
