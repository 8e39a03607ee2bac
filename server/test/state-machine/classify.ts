import type DocumentProcessingJobs from '../../src/db/generated/public/DocumentProcessingJobs.ts'
import { type Cell, readStateMachine } from './page.ts'

/** Tells a job's state from its row, by the page's own table. */

export const page = readStateMachine()
export const states = [...page.states.keys()]

export type Row = Pick<
  DocumentProcessingJobs,
  | 'status'
  | 'locked_by'
  | 'operation'
  | 'started_at'
  | 'attempt_started_at'
  | 'finished_at'
  | 'error_code'
  | 'error_log'
  | 'pages_done'
  | 'pages_total'
  | 'attempts'
  | 'max_attempts'
>
export type Generated = Pick<DocumentProcessingJobs, 'ready' | 'dead_letter'>

/** What `due_at` means is seen by claiming, not by its value; what is generated is compared apart. */
const NOT_TOLD_FROM = new Set(['due_at', 'ready', 'dead_letter'])

function fits(row: Row, column: string, { rule }: Cell): boolean {
  const value = row[column as keyof Row]
  switch (rule) {
    case 'any':
      return true
    case 'null':
      return value === null
    case 'set':
      return value !== null
    case 'not canceled':
      return value !== null && value !== 'canceled'
    case 'all':
      return row.pages_total !== null && row.pages_done === row.pages_total
    case 'less than max':
      return row.attempts < row.max_attempts
    case 'more than 0':
      return row.attempts > 0
    default:
      return value === rule
  }
}

/** The states whose cells a row fits; without the starred ones, only what the schema is said to check. */
export const statesOf = (row: Row, starred: boolean) =>
  states.filter((state) =>
    [...(page.states.get(state) ?? [])].every(
      ([column, cell]) => NOT_TOLD_FROM.has(column) || (cell.starred && !starred) || fits(row, column, cell),
    ),
  )

export const sayGenerated = (state: string) =>
  ['ready', 'dead_letter'].map((column) => page.states.get(state)?.get(column)?.rule)
export const generatedOf = ({ ready, dead_letter }: Generated) => [String(ready), String(dead_letter)]

/** @throws Error unless the row is in one state */
export function stateOf(row: DocumentProcessingJobs): string {
  const found = statesOf(row, true)
  if (found.length !== 1) throw new Error(`in states [${found}], not in one: ${JSON.stringify(row)}`)
  return found.join()
}
