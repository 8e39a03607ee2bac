import { askedFor, OPTIONS, PROSE, TITLES, tableOf } from './content.ts'
import type { Layout } from './sheet.ts'
import { drawMark } from './sheet.ts'

/** Layouts that nothing was tuned on: they say what the figures of the others are worth. */

/** Labels that end where their answers begin, in the right half of the page. */
const rightAligned: Layout = (sheet) => {
  sheet.text(sheet.random.pick(TITLES[sheet.language]), 380, 60, { size: 16, bold: true })
  for (const [row, { label, answer }] of askedFor(sheet.language, 6, sheet.random).entries()) {
    const shown = `${label}:`
    sheet.text(shown, 420 - sheet.width(shown, { bold: true }), 110 + row * 15, { bold: true })
    sheet.text(answer, 428, 110 + row * 15)
    sheet.pairs.push({ key: label, value: answer })
  }
}

/** A table of labels and answers, every cell ruled, in two or four columns. */
const ruledRows =
  (columns: number): Layout =>
  (sheet) => {
    const asked = askedFor(sheet.language, 5 * columns, sheet.random)
    for (const [index, { label, answer }] of asked.entries()) {
      const [x, y] = [50 + (index % columns) * 250, 100 + Math.floor(index / columns) * 22]
      sheet.box(x, y, 110, 22)
      sheet.box(x + 110, y, 140, 22)
      sheet.text(columns === 2 ? `${label}:` : label, x + 4, y + 15, { size: 9, bold: true })
      sheet.text(answer, x + 114, y + 15, { size: 9 })
      sheet.pairs.push({ key: label, value: answer })
    }
  }

/** A letter: a block of references at the right, then text with colons. */
const letter: Layout = (sheet) => {
  const { language, random } = sheet
  for (const [row, { label, answer }] of askedFor(language, 4, random).entries()) {
    sheet.text(`${label}: ${answer}`, 330, 90 + row * 14)
    sheet.pairs.push({ key: label, value: answer })
  }
  sheet.text(language === 'en' ? 'Dear Mrs Brown,' : 'Prezada senhora Souza,', 60, 210)
  let y = 236
  for (let part = 0; part < 3; part += 1) {
    for (const line of PROSE[language]) {
      sheet.text(line, 60, y, { size: 9 })
      y += 13
    }
    y += 13
  }
}

/** Options with their box behind them, a question before them. */
const question: Layout = (sheet) => {
  for (let row = 0; row < 5; row += 1) {
    const y = 120 + row * 30
    let x = sheet.text(sheet.language === 'en' ? `${row + 1}. Is it so?` : `${row + 1}. É assim?`, 60, y) + 60
    const chosen = sheet.random.whole(0, 1)
    for (const [index, option] of (sheet.language === 'en' ? ['Yes', 'No'] : ['Sim', 'Não']).entries()) {
      x = sheet.text(option, x, y) + 5
      drawMark(sheet, x, y - 9, 10, index === chosen)
      sheet.pairs.push({ key: option, value: index === chosen ? ':selected:' : ':unselected:' })
      x += 45
    }
  }
}

/** Options in brackets. */
const brackets: Layout = (sheet) => {
  for (const [row, option] of sheet.random.some(OPTIONS[sheet.language], 7).entries()) {
    const [y, selected] = [120 + row * 20, sheet.random.share() < 0.5]
    const end = sheet.text(selected ? '[X]' : '[ ]', 70, y)
    sheet.text(option, end + 6, y)
    sheet.marks.push({ selected, x: (70 + end) / 2, y: y - sheet.size / 3 })
    sheet.pairs.push({ key: option, value: selected ? ':selected:' : ':unselected:' })
  }
}

/** Options of which one is chosen, in circles. */
const circles: Layout = (sheet) => {
  const chosen = sheet.random.whole(0, 5)
  for (const [row, option] of sheet.random.some(OPTIONS[sheet.language], 6).entries()) {
    const y = 130 + row * 22
    sheet.disc(75, y - 3.5, 5, false)
    if (row === chosen) sheet.disc(75, y - 3.5, 2.5, true)
    sheet.text(option, 88, y)
    sheet.marks.push({ selected: row === chosen, x: 75, y: y - 3.5 })
    sheet.pairs.push({ key: option, value: row === chosen ? ':selected:' : ':unselected:' })
  }
}

/** A bibliography, with titles and pages after colons. */
const references: Layout = (sheet) => {
  const entries = [
    'Brown, J. (2012). Gardens of the north: A history. Oxford: Northern Press.',
    'Silva, M. (2019). Telhados de Lisboa: um guia. Revista Urbana, 12(3): 44-61.',
    'Taylor, P., Wilson, A. (2020). Wood and stone: building in the cold. doi:10.1000/182',
    'Souza, I. (2001). Jardins: teoria e prática. São Paulo: Aurora. ISBN: 978-85-333-0227-3',
  ]
  for (const [row, entry] of entries.entries()) sheet.text(`[${row + 1}] ${entry}`, 60, 120 + row * 30, { size: 9 })
}

/** Names of columns over one row of answers, in ruled cells; a list of goods below it. */
const headRow: Layout = (sheet) => {
  const asked = askedFor(sheet.language, 4, sheet.random)
  for (const [column, { label, answer }] of asked.entries()) {
    const x = 50 + column * 125
    sheet.box(x, 120, 125, 18)
    sheet.box(x, 138, 125, 18)
    sheet.text(label, x + 3, 132, { size: 8, bold: true })
    sheet.text(answer, x + 3, 150, { size: 8 })
    sheet.pairs.push({ key: label, value: answer })
  }
  for (const [row, cells] of tableOf(sheet.language, sheet.random).entries())
    for (const [column, cell] of cells.entries())
      sheet.text(cell, 60 + column * 110, 220 + row * 18, { bold: row === 0 })
}

export const HELD_OUT: Record<string, Layout> = {
  'right-aligned': rightAligned,
  'ruled rows': ruledRows(1),
  'ruled rows, twice': ruledRows(2),
  letter,
  question,
  brackets,
  circles,
  references,
  'head row': headRow,
}
