import { type Canvas, drawPdf } from './canvas.ts'
import { drawTop, type Ink } from './layout.ts'
import { chooseTable, drawFooter, drawLines, drawTotals } from './lines-and-totals.ts'
import { LOCALES } from './locales.ts'
import type { Random } from './random.ts'
import { type Item, makeSample } from './sample.ts'
import { type Truth, truthOf } from './truth.ts'

export type Made = { name: string; pdf: Buffer; truth: Truth }

const A4: [number, number] = [595, 842]
const LETTER: [number, number] = [612, 792]

/** So many lines leave room for the sums on a page. */
const LINES_ON_FIRST = 14
const LINES_ON_NEXT = 28

const shareOut = (items: Item[]): Item[][] => {
  const pages = [items.slice(0, LINES_ON_FIRST)]
  for (let at = LINES_ON_FIRST; at < items.length; at += LINES_ON_NEXT) pages.push(items.slice(at, at + LINES_ON_NEXT))
  return pages
}

/** One invoice by chance, with what it says. Every fifth has several pages. */
export const drawInvoice = async (random: Random, index: number, heldOut: boolean): Promise<Made> => {
  const locale = LOCALES[index % LOCALES.length] as (typeof LOCALES)[number]
  const sample = makeSample(random, locale, index % 5 === 4 ? 40 : 7, heldOut)
  const shown = new Set<string>()
  const pages = shareOut(sample.items)
  const ink = (canvas: Canvas): Ink => ({ canvas, sample, random, shown })
  let table: ReturnType<typeof chooseTable>
  const draw = pages.map((items, page) => (canvas: Canvas) => {
    const own = ink(canvas)
    table ??= chooseTable(own, heldOut)
    const top = page === 0 ? drawTop(own, heldOut) : 90
    if (page > 0) canvas.text(`${sample.label('number')}: ${sample.id}`, 50, 50)
    const end = drawLines(own, table, items, top)
    if (page === pages.length - 1) drawTotals(own, heldOut, end)
    drawFooter(own, page + 1, pages.length)
  })
  const pdf = await drawPdf(draw, {
    family: random.pick(['sans', 'sans', 'serif'] as const),
    size: locale.tag === 'en-US' ? LETTER : A4,
  })
  return { name: `invoice-${heldOut ? 'held-out-' : ''}${index}-${locale.tag}`, pdf, truth: truthOf(sample, shown) }
}
