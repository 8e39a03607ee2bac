import { askedFor, BULLETS, HEADINGS, OPTIONS, PROSE, TITLES, tableOf } from './content.ts'
import { LATER } from './later-layouts.ts'
import { drawMark, type Layout, type Sheet } from './sheet.ts'

/** Layouts that the engine was made with. Those in held-out-layouts.ts it was not. */

const LEFT = 60

const title = ({ text, random, language }: Sheet, y = 70) =>
  text(random.pick(TITLES[language]), LEFT, y, { size: 18, bold: true })

const inline: Layout = (sheet) => {
  title(sheet)
  for (const [row, { label, answer }] of askedFor(sheet.language, 9, sheet.random).entries()) {
    const end = sheet.text(`${label}:`, LEFT, 120 + row * 20, { bold: sheet.random.share() < 0.5 })
    sheet.text(answer, end + 4, 120 + row * 20)
    sheet.pairs.push({ key: label, value: answer })
  }
}

const twoColumns =
  (colon: string): Layout =>
  (sheet) => {
    title(sheet)
    const bold = sheet.random.share() < 0.5
    for (const [row, { label, answer }] of askedFor(sheet.language, 8, sheet.random).entries()) {
      sheet.text(label + colon, LEFT, 120 + row * 18, { bold })
      sheet.text(answer, LEFT + 150, 120 + row * 18)
      sheet.pairs.push({ key: label, value: answer })
    }
  }

/** A grid of boxes, in each a small label above its answer. */
const boxes: Layout = (sheet) => {
  title(sheet)
  const columns = sheet.random.pick([
    [200, 120, 160],
    [240, 240],
    [160, 160, 160],
  ])
  const asked = askedFor(sheet.language, columns.length * 4, sheet.random)
  for (let row = 0; row < 4; row += 1) {
    let x = LEFT
    for (const width of columns) {
      const { label, answer } = asked.shift() ?? { label: '', answer: '' }
      const [y, isBlank] = [110 + row * 32, sheet.random.share() < 0.15]
      sheet.box(x, y, width, 32)
      sheet.text(label, x + 3, y + 9, { size: 7 })
      if (!isBlank) sheet.text(answer, x + 4, y + 25)
      sheet.pairs.push({ key: label, value: isBlank ? null : answer })
      x += width
    }
  }
}

/** Labels before lines that are written on, or not. */
const underlined: Layout = (sheet) => {
  title(sheet)
  const asked = askedFor(sheet.language, 10, sheet.random)
  for (const [index, { label, answer }] of asked.entries()) {
    const [x, y] = [index % 2 === 0 ? LEFT : LEFT + 240, 130 + Math.floor(index / 2) * 28]
    const end = sheet.text(`${label}${sheet.random.share() < 0.5 ? ':' : ''}`, x, y) + 4
    sheet.line(end, y + 2, x + 220, y + 2)
    const isBlank = sheet.random.share() < 0.3 || sheet.width(answer) > x + 220 - end
    if (!isBlank) sheet.text(answer, end + 4, y)
    sheet.pairs.push({ key: label, value: isBlank ? null : answer })
  }
}

/** Labels before underscores or dots. */
const blanks: Layout = (sheet) => {
  title(sheet)
  const asked = askedFor(sheet.language, 7, sheet.random)
  const fill = sheet.random.pick(['_', '.'])
  for (const [row, { label }] of asked.entries()) {
    const end = sheet.text(`${label}: `, LEFT, 130 + row * 24)
    sheet.text(fill.repeat(Math.floor((500 - end) / sheet.width(fill))), end, 130 + row * 24)
    sheet.pairs.push({ key: label, value: null })
  }
}

const several: Layout = (sheet) => {
  title(sheet)
  const asked = askedFor(sheet.language, 9, sheet.random)
  const gap = sheet.random.pick([14, 24, 40])
  for (let row = 0; row < 5; row += 1) {
    let x = LEFT
    for (const { label, answer } of asked.splice(0, 2)) {
      x = sheet.text(`${label}: ${answer}`, x, 120 + row * 20) + gap
      sheet.pairs.push({ key: label, value: answer })
    }
  }
}

/** Text with colons in it, headings and a list, and two pairs above. */
const prose: Layout = (sheet) => {
  title(sheet)
  for (const [row, { label, answer }] of askedFor(sheet.language, 2, sheet.random).entries()) {
    sheet.text(`${label}: ${answer}`, LEFT, 110 + row * 16)
    sheet.pairs.push({ key: label, value: answer })
  }
  const { language } = sheet
  let y = 170
  for (const heading of sheet.random.some(HEADINGS[language], 3)) {
    sheet.text(heading, LEFT, y, { bold: true })
    y += 20
    for (const line of PROSE[language]) {
      sheet.text(line, LEFT, y, { size: 9 })
      y += 12
    }
    y += 10
    for (const bullet of BULLETS[language]) {
      sheet.text(`- ${bullet}`, LEFT + 12, y)
      y += 14
    }
    y += 16
  }
}

/** A table of data with pairs above it and a total below. */
const table: Layout = (sheet) => {
  title(sheet)
  for (const [row, { label, answer }] of askedFor(sheet.language, 4, sheet.random).entries()) {
    sheet.text(`${label}: ${answer}`, LEFT, 110 + row * 16)
    sheet.pairs.push({ key: label, value: answer })
  }
  const rows = tableOf(sheet.language, sheet.random)
  const ruled = sheet.random.share() < 0.6
  for (const [row, cells] of rows.entries())
    for (const [column, cell] of cells.entries()) {
      const [x, y] = [LEFT + column * 110, 200 + row * 20]
      if (ruled) sheet.box(x, y, 110, 20)
      sheet.text(cell, x + 4, y + 14, { bold: row === 0 })
    }
}

const ticks: Layout = (sheet) => {
  title(sheet)
  const side = sheet.random.whole(8, 13)
  for (const [index, option] of sheet.random.some(OPTIONS[sheet.language], 8).entries()) {
    const [x, y] = [LEFT + (index % 2) * 200, 130 + Math.floor(index / 2) * 26]
    const selected = sheet.random.share() < 0.5
    drawMark(sheet, x, y - side + 1, side, selected)
    sheet.text(option, x + side + 5, y)
    sheet.pairs.push({ key: option, value: selected ? ':selected:' : ':unselected:' })
  }
}

/** AcroForm: text fields, a choice, check boxes. */
const fillable: Layout = (sheet) => {
  title(sheet)
  const form = sheet.pdf.getForm()
  const top = sheet.page.getHeight()
  for (const [row, { label, answer }] of askedFor(sheet.language, 7, sheet.random).entries()) {
    const y = 130 + row * 28
    sheet.text(label, LEFT, y)
    const isBlank = sheet.random.share() < 0.3
    const place = { x: LEFT + 160, y: top - y - 5, width: 200, height: 18, borderWidth: 1 }
    if (row % 3 === 2) {
      const field = form.createDropdown(`choice${row}`)
      field.addOptions([answer, 'other'])
      if (!isBlank) field.select(answer)
      field.addToPage(sheet.page, place)
    } else {
      const field = form.createTextField(`f${row}`)
      if (!isBlank) field.setText(answer)
      field.addToPage(sheet.page, place)
    }
    sheet.pairs.push({ key: label, value: isBlank ? null : answer })
  }
  for (const [row, option] of sheet.random.some(OPTIONS[sheet.language], 4).entries()) {
    const [y, selected] = [350 + row * 22, sheet.random.share() < 0.5]
    const field = form.createCheckBox(`c${row}`)
    field.addToPage(sheet.page, { x: LEFT, y: top - y - 2, width: 11, height: 11 })
    if (selected) field.check()
    sheet.text(option, LEFT + 18, y)
    sheet.marks.push({ selected, x: LEFT + 5.5, y: y - 3.5 })
    sheet.pairs.push({ key: option, value: selected ? ':selected:' : ':unselected:' })
  }
}

/** Labels with dots up to a colon that stands at one place, as typewriters and old programs write them. */
const leaders: Layout = (sheet) => {
  for (const [row, { label, answer }] of askedFor(sheet.language, 7, sheet.random).entries()) {
    const dots = '.'.repeat(Math.max(3, Math.floor((190 - sheet.width(label)) / sheet.width('.'))))
    sheet.text(`${label}${dots}: ${answer}`, 70, 120 + row * 17)
    sheet.pairs.push({ key: label, value: answer })
  }
}

/** Cards: small labels over answers in larger letters, without any line. */
const overValues: Layout = (sheet) => {
  for (const [index, { label, answer }] of askedFor(sheet.language, 6, sheet.random).entries()) {
    const [x, y] = [80 + (index % 2) * 200, 140 + Math.floor(index / 2) * 40]
    sheet.text(label.toUpperCase(), x, y, { size: 6.5 })
    sheet.text(answer, x, y + 13, { size: 11, bold: true })
    sheet.pairs.push({ key: label.toUpperCase(), value: answer })
  }
}

export const LAYOUTS: Record<string, Layout> = {
  inline,
  'two columns, colon': twoColumns(':'),
  'two columns': twoColumns(''),
  boxes,
  underlined,
  blanks,
  several,
  prose,
  table,
  ticks,
  fillable,
  leaders,
  ...LATER,
  'over values': overValues,
}
