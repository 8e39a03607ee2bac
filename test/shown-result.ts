import type { Locator, Page } from 'playwright-core'

/** Where a cell of a table is, how far it reaches, and its text: `row/column rows×columns text`. */
export type ShownCell = string
/** A name and its value, of a field inside others with their names: `Items.0.Amount`. */
export type ShownField = [path: string, text: string]

/** What the page about a document shows of one page of its result. */
export type ShownPage = {
  text: string
  /** Drawn where they stand. */
  words: string[]
  /** Drawn too: whether each has its tick. */
  marks: boolean[]
  tables: ShownCell[][]
  /** Documents by their type, and keys and values by their heading, in the order of the page. */
  fields: { of: string; fields: ShownField[] }[]
}

/** What of the DOM is used in the browser: this folder is checked with the types of Node, which have none of it. */
type Part = {
  tagName: string
  textContent: string | null
  children: Iterable<Part>
  childNodes: Iterable<Part>
  parentElement: Part | null
  previousElementSibling: Part | null
  getAttribute(name: string): string | null
  querySelector(selector: string): Part | null
}

/** Reads a page of a result off the page about its document, which has to be open. Confidences are left out of the fields. */
export async function readShownPage(page: Page): Promise<ShownPage> {
  const view = page.locator('.page-view[aria-busy=false]')
  await view.waitFor()
  const drawing = view.locator('.page-drawing')
  const textOf = view.locator('.page-text')
  return {
    text: (await textOf.count()) > 0 ? ((await textOf.textContent()) ?? '') : '',
    words: await drawing.locator('g:not(.mark) text').allTextContents(),
    marks: await drawing
      .locator('g.mark')
      .evaluateAll((all) => (all as unknown as Part[]).map((mark) => mark.querySelector('path') !== null)),
    tables: await eachOf(view.locator('.found-table table'), readTable),
    fields: await eachOf(view.locator('.found-fields'), readFields),
  }
}

const eachOf = async <T>(all: Locator, read: (one: Locator) => Promise<T>): Promise<T[]> =>
  Promise.all((await all.all()).map(read))

/** Puts the cells on the grid that HTML says they are on, and leaves out those that stand for nothing. */
async function readTable(table: Locator): Promise<ShownCell[]> {
  const rows = await table.locator('tr').evaluateAll((all) =>
    (all as unknown as Part[]).map((row) =>
      [...row.children].map((cell) => ({
        rows: Number(cell.getAttribute('rowspan') ?? 1),
        columns: Number(cell.getAttribute('colspan') ?? 1),
        text: cell.textContent ?? '',
        isGap: cell.getAttribute('rowspan') === null,
      })),
    ),
  )
  const taken = new Set<string>()
  return rows.flatMap((cells, row) => {
    let column = 0
    return cells.flatMap((cell) => {
      while (taken.has(`${row}/${column}`)) column += 1
      for (let down = 0; down < cell.rows; down += 1)
        for (let right = 0; right < cell.columns; right += 1) taken.add(`${row + down}/${column + right}`)
      return cell.isGap && cell.text === '' ? [] : [shownCell(row, column, cell)]
    })
  })
}

type Extent = { rows: number; columns: number; text: string }

export const shownCell = (row: number, column: number, { rows, columns, text }: Extent): ShownCell =>
  `${row}/${column} ${rows}×${columns} ${text}`

async function readFields(section: Locator): Promise<{ of: string; fields: ShownField[] }> {
  // A value that has no other values in it.
  const fields = await section.locator(':is(dd, li):not(:has(> dl, > ol))').evaluateAll((all) =>
    (all as unknown as Part[]).map((value): [string, string] => {
      const steps: string[] = []
      for (let at: Part | null = value; at && at.tagName !== 'SECTION'; at = at.parentElement) {
        if (at.tagName === 'DD') steps.unshift(at.previousElementSibling?.textContent ?? '')
        if (at.tagName === 'LI') steps.unshift(String([...(at.parentElement?.children ?? [])].indexOf(at)))
      }
      const text = [...value.childNodes].filter((node) => node !== value.querySelector(':scope > .confidence'))
      return [steps.join('.'), text.map((node) => node.textContent).join('')]
    }),
  )
  // Between a value and its confidence there is a space.
  return {
    of: (await section.getAttribute('aria-label')) ?? '',
    fields: fields.map(([path, text]) => [path, text.replace(/ $/, '')]),
  }
}
