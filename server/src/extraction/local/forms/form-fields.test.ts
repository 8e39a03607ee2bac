import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PageSizes, PDFDocument, StandardFonts } from 'pdf-lib'
import { expect, test } from 'vitest'
import { readInProcess } from '../../../../test/read-in-process.ts'
import { useScratch } from '../../../../test/scratch.ts'

const scratch = useScratch()

/** A form on an A4 page, 842 points high. @param appearances whether the file has pictures of what is written into its fields */
const formPdf = async (appearances: boolean): Promise<Uint8Array> => {
  const pdf = await PDFDocument.create()
  const page = pdf.addPage(PageSizes.A4)
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  const text = (content: string, x: number, y: number) => page.drawText(content, { x, y, size: 10, font })
  const form = pdf.getForm()
  const field = (name: string, y: number, value: string) => {
    const created = form.createTextField(name)
    created.addToPage(page, { x: 160, y: y - 5, width: 200, height: 18 })
    created.setText(value)
    return created
  }
  text('Full name', 60, 760)
  field('f1_01', 760, 'Mary Brown')
  text('Country', 60, 730)
  const country = form.createDropdown('f1_02')
  country.addOptions(['Brazil', 'Portugal'])
  country.select('Portugal')
  country.addToPage(page, { x: 160, y: 725, width: 200, height: 18 })
  text('Phone', 60, 700)
  field('f1_03', 700, '')
  text('Password', 60, 670)
  field('f1_04', 670, 'secret').enablePassword()
  for (const [at, label] of ['Newsletter', 'Smoker'].entries()) {
    const box = form.createCheckBox(`c${at}`)
    box.addToPage(page, { x: 60 + at * 150, y: 638, width: 11, height: 11 })
    if (at === 0) box.check()
    text(label, 78 + at * 150, 640)
  }
  const sex = form.createRadioGroup('sex')
  for (const [at, label] of ['Male', 'Female'].entries()) {
    sex.addOptionToPage(label, page, { x: 60 + at * 150, y: 608, width: 11, height: 11 })
    text(label, 78 + at * 150, 610)
  }
  sex.select('Female')
  return pdf.save({ updateFieldAppearances: appearances })
}

const read = async (bytes: Uint8Array, model?: 'prebuilt-read') => {
  const file = path.join(scratch.folder, 'form.pdf')
  await writeFile(file, bytes)
  const noOcr = () => Promise.reject(new Error('there is text'))
  const [page] = await readInProcess(file, 'application/pdf', noOcr, model)
  if (!page) throw new Error('there is a page')
  return page
}

const EXPECTED = [
  ['Full name', 'Mary Brown'],
  ['Country', 'Portugal'],
  ['Phone', undefined],
  ['Newsletter', ':selected:'],
  ['Smoker', ':unselected:'],
  ['Male', ':unselected:'],
  ['Female', ':selected:'],
]

test('the fields of a form are pairs with the labels that a person sees, and its boxes selection marks', async () => {
  const { page, parts, content } = await read(await formPdf(true))
  expect((parts?.keyValuePairs ?? []).map(({ key, value }) => [key.content, value?.content])).toEqual(EXPECTED)
  expect('selectionMarks' in page && page.selectionMarks?.map(({ state }) => state)).toEqual([
    'selected',
    'unselected',
    'unselected',
    'selected',
  ])
  expect(content).toContain('Mary Brown')
})

test('what is written into a field is in the words of the page, also when the file has no picture of it', async () => {
  const pdf = await PDFDocument.load(await formPdf(true))
  for (const field of pdf.getForm().getFields())
    for (const widget of field.acroField.getWidgets())
      if (field.getName().startsWith('f1')) widget.dict.delete(pdf.context.obj('AP') as never)
  const { page, parts, content } = await read(await pdf.save({ updateFieldAppearances: false }))
  expect((parts?.keyValuePairs ?? []).map(({ key, value }) => [key.content, value?.content])).toEqual(EXPECTED)
  expect(content).toContain('Mary Brown')
  expect(content).not.toContain('secret')
  const mary = 'words' in page ? page.words.find((word) => word.content === 'Mary') : undefined
  const [x = 0, y = 0] = mary?.polygon ?? []
  expect([x * 72, y * 72]).toEqual([expect.closeTo(160, -1), expect.closeTo(72, -1)])
})

test('a field without a label beside it is called by its name', async () => {
  const pdf = await PDFDocument.create()
  const page = pdf.addPage(PageSizes.A4)
  page.drawText('That is all there is to say about the matter.', { x: 60, y: 760, size: 10 })
  const field = pdf.getForm().createTextField('page1.Tax_number')
  field.addToPage(page, { x: 160, y: 500, width: 200, height: 18 })
  field.setText('123-45')
  const { parts } = await read(await pdf.save())
  expect((parts?.keyValuePairs ?? []).map(({ key, value }) => [key, value?.content])).toEqual([
    [{ content: 'Tax number', spans: [] }, '123-45'],
  ])
})
