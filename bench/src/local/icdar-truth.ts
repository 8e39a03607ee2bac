import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import type { Grid } from './adjacency.ts'

/** A PDF of ICDAR 2013's table competition and the true tables of each of its pages that has any. */
export type TrueTables = { name: string; pdf: string; pages: Map<number, Grid[]> }

const count = z.coerce.number().int().min(0)
const Cell = z.object({
  'start-row': count,
  'end-row': count.optional(),
  'start-col': count,
  'end-col': count.optional(),
  content: z.coerce.string(),
})
const Truth = z.object({
  document: z.object({ table: z.array(z.object({ region: z.array(z.object({ page: count, cell: z.array(Cell) })) })) }),
})

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  isArray: (name) => ['table', 'region', 'cell'].includes(name),
})

/** A table that goes on over a page break is one table on each page. */
function tablesOf(xml: string): Map<number, Grid[]> {
  const pages = new Map<number, Grid[]>()
  const regions = Truth.parse(parser.parse(xml)).document.table.flatMap((table) => table.region)
  for (const { page, cell } of regions) {
    const grid = cell.map((one) => ({
      row: one['start-row'],
      column: one['start-col'],
      rowSpan: (one['end-row'] ?? one['start-row']) - one['start-row'] + 1,
      columnSpan: (one['end-col'] ?? one['start-col']) - one['start-col'] + 1,
      text: one.content,
    }))
    pages.set(page, [...(pages.get(page) ?? []), grid])
  }
  return pages
}

/** Every PDF below a folder that has beside it what its tables are, in a file whose name has the PDF's and ends in `-str.xml`. */
export async function readTrueTables(folder: string): Promise<TrueTables[]> {
  const files = await readdir(folder, { recursive: true })
  const documents = files.filter((file) => file.endsWith('.pdf')).sort()
  const found: TrueTables[] = []
  for (const pdf of documents) {
    const name = path.basename(pdf, '.pdf')
    const truth = files.find((file) => path.dirname(file) === path.dirname(pdf) && file.endsWith(`${name}-str.xml`))
    if (!truth) continue
    const pages = tablesOf(await readFile(path.join(folder, truth), 'utf8'))
    found.push({ name, pdf: path.join(folder, pdf), pages })
  }
  return found
}
