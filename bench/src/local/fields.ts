import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { LiteParse } from '@llamaindex/liteparse'
import { findLanguageData, gatherFiles } from '../../../server/src/extraction/local/language-data.ts'
import { createTesseract } from '../../../server/src/extraction/local/tesseract.ts'
import { readInProcess } from '../../../server/test/read-in-process.ts'
import { table } from '../report.ts'
import { HELD_OUT } from './forms/held-out-layouts.ts'
import { LAYOUTS } from './forms/layouts.ts'
import { createRandom } from './forms/random.ts'
import { add, NONE, type Scored, score, type Tally } from './forms/score.ts'
import { drawForm, type Form, type Layout } from './forms/sheet.ts'

/**
 * How many key-value pairs and selection marks of forms are found, and how many of those found are right: forms drawn here in many layouts, in
 * English and Portuguese, whose pairs are known by construction; as they are, and drawn to pictures and read by OCR. A pair counts when key and
 * value are both right, to the letter in PDFs, and but for a fifth of the letters in pictures. On layouts called "held out" nothing was tuned.
 *
 *   npm run bench:local:fields -- [--forms 4] [--dpi 150,200] [--only boxes] [--show]
 */
const { values } = parseArgs({
  options: {
    forms: { type: 'string', default: '4' },
    dpi: { type: 'string', default: '150,200' },
    only: { type: 'string', default: '' },
    set: { type: 'string', default: 'known,held out' },
    show: { type: 'boolean', default: false },
  },
})

const OCR_ERRORS = 0.2

const scratch = await mkdtemp(path.join(tmpdir(), 'bench-fields-'))
gatherFiles(findLanguageData(['eng', 'por']), scratch)
const tesseract = createTesseract(['eng', 'por'], scratch)

async function readPdf({ bytes, truth }: Form): Promise<Scored> {
  const file = path.join(scratch, 'form.pdf')
  await writeFile(file, bytes)
  const [page] = await readInProcess(file, 'application/pdf', tesseract)
  if (!page) throw new Error('a form could not be read')
  return score(page, truth, 72, 0)
}

async function readPicture({ bytes, truth }: Form, dpi: number): Promise<Scored> {
  const file = path.join(scratch, 'form.png')
  const draw = new LiteParse({ ocrEnabled: false, quiet: true, dpi, renderFormFields: true })
  const png = (await draw.screenshot(bytes))[0]?.imageBuffer
  if (!png) throw new Error('a form could not be drawn')
  await writeFile(file, png)
  const [page] = await readInProcess(file, 'image/png', tesseract)
  if (!page) throw new Error('a picture could not be read')
  return score(page, truth, 72 / dpi, OCR_ERRORS)
}

async function formsOf(layouts: Record<string, Layout>): Promise<Form[]> {
  const forms: Form[] = []
  for (const [at, [name, layout]] of Object.entries(layouts).entries())
    for (let copy = 0; copy < Number(values.forms); copy += 1)
      if (name.includes(values.only))
        forms.push(await drawForm(name, layout, copy % 2 === 0 ? 'en' : 'pt', createRandom(100 * at + copy + 1)))
  return forms
}

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : ((100 * part) / whole).toFixed(1))
const shown = ({ truth, found, correct }: Tally): string => `${percent(correct, found)} / ${percent(correct, truth)}`

const media: Record<string, (form: Form) => Promise<Scored>> = {
  PDF: readPdf,
  ...Object.fromEntries(
    values.dpi
      .split(',')
      .filter((dpi) => dpi !== '')
      .map((dpi) => [`${dpi} dpi`, (form: Form) => readPicture(form, Number(dpi))]),
  ),
}

const judged: Scored['judged'] = []
console.log('precision / recall of pairs, and of selection marks, per cent\n')
for (const [set, layouts] of Object.entries({ known: LAYOUTS, 'held out': HELD_OUT })) {
  if (!values.set.split(',').includes(set)) continue
  const tallies = new Map<string, Map<string, { pairs: Tally; marks: Tally }>>()
  for (const form of await formsOf(layouts))
    for (const [medium, read] of Object.entries(media)) {
      const scored = await read(form)
      judged.push(...scored.judged)
      if (values.show)
        for (const [what, list] of Object.entries({ WRONG: scored.wrong, missed: scored.missed }))
          for (const each of list) console.error(`${form.layout}, ${medium}, ${form.language}, ${what}: ${each}`)
      for (const row of [form.layout, 'ALL']) {
        const ofRow = tallies.get(row) ?? new Map()
        const { pairs, marks } = ofRow.get(medium) ?? { pairs: NONE, marks: NONE }
        tallies.set(row, ofRow.set(medium, { pairs: add(pairs, scored.pairs), marks: add(marks, scored.marks) }))
      }
    }
  const rows = [...tallies].toSorted(([a], [b]) => Number(a === 'ALL') - Number(b === 'ALL'))
  console.log(
    table(
      rows.map(([layout, ofRow]) => ({
        [`layout, ${set}`]: layout,
        ...Object.fromEntries(
          [...ofRow].flatMap(([medium, { pairs, marks }]) => [
            [`pairs, ${medium}`, shown(pairs)],
            [`marks, ${medium}`, shown(marks)],
          ]),
        ),
      })),
    ),
  )
  console.log()
}
await rm(scratch, { recursive: true })

console.log('What confidence is worth: of the pairs that have it, so many are right\n')
const bands = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01]
console.log(
  table(
    bands.slice(1).map((to, index) => {
      const from = bands[index] as number
      const within = judged.filter(({ confidence }) => confidence >= from && confidence < to)
      const right = within.filter(({ isCorrect }) => isCorrect).length
      return {
        confidence: `${from} to ${Math.min(1, to)}`,
        pairs: within.length,
        'right, per cent': percent(right, within.length),
      }
    }),
  ),
)
process.exit()
