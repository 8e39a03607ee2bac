import { z } from 'zod'
import { Region } from './geometry.ts'

const elements = z.array(z.string()).exactOptional().describe('JSON pointers into the result of the whole document')

export const TableCell = z
  .looseObject({
    kind: z
      .string()
      .exactOptional()
      .describe('content (also when absent), rowHeader, columnHeader, stubHead or description'),
    rowIndex: z.int().min(0),
    columnIndex: z.int().min(0),
    rowSpan: z.int().min(1).exactOptional().describe('1 when absent'),
    columnSpan: z.int().min(1).exactOptional().describe('1 when absent'),
    content: z.string(),
    ...Region.shape,
    elements,
  })
  .meta({ id: 'TableCell' })
export type TableCell = z.infer<typeof TableCell>

/** A caption or a footnote of a table or a figure. */
const Note = z.looseObject({ content: z.string(), ...Region.shape, elements }).meta({ id: 'Note' })

const notes = { caption: Note.exactOptional(), footnotes: z.array(Note).exactOptional() }

export const Table = z
  .looseObject({
    rowCount: z.int().min(1),
    columnCount: z.int().min(1),
    cells: z.array(TableCell),
    ...Region.shape,
    ...notes,
  })
  .meta({ id: 'Table' })
export type Table = z.infer<typeof Table>

export const Figure = z
  .looseObject({ id: z.string().exactOptional(), ...Region.shape, elements, ...notes })
  .meta({ id: 'Figure' })
