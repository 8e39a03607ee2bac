import { askedFor } from './content.ts'
import type { Layout } from './sheet.ts'

/** Layouts that were held out until they showed what was wrong. */

/** Minutes of a meeting: who said what is no form. */
const minutes: Layout = (sheet) => {
  const said = {
    en: [
      'Mr Brown: I would rather wait until May.',
      'Mrs Taylor: That is too late for the roof.',
      'Mr Brown: Then let us vote on it now.',
    ],
    pt: [
      'Sr. Silva: Prefiro esperar até maio.',
      'Sra. Souza: Isso é tarde demais para o telhado.',
      'Sr. Silva: Então vamos votar agora.',
    ],
  }
  let y = 100
  for (let turn = 0; turn < 4; turn += 1)
    for (const line of said[sheet.language]) {
      sheet.text(line, 60, y)
      y += 18
    }
}

/** Opening hours and prices: a list, not a form. */
const programme: Layout = (sheet) => {
  const rows = {
    en: ['09:00 Opening', '09:30 Talk: Roofs in winter', '11:00 Break', '11:30 Workshop: Fences', '13:00 Lunch'],
    pt: [
      '09:00 Abertura',
      '09:30 Palestra: Telhados no inverno',
      '11:00 Intervalo',
      '11:30 Oficina: Cercas',
      '13:00 Almoço',
    ],
  }
  for (const [row, line] of rows[sheet.language].entries()) sheet.text(line, 80, 120 + row * 22)
}

/** Lines with what is to be written on them in small print below. */
const captions: Layout = (sheet) => {
  for (const [index, { label, answer }] of askedFor(sheet.language, 6, sheet.random).entries()) {
    const [x, y] = [60 + (index % 2) * 250, 140 + Math.floor(index / 2) * 45]
    sheet.text(answer, x + 4, y)
    sheet.line(x, y + 3, x + 210, y + 3)
    sheet.text(label, x, y + 12, { size: 7 })
    sheet.pairs.push({ key: label, value: answer })
  }
}

export const LATER: Record<string, Layout> = { minutes, programme, captions }
