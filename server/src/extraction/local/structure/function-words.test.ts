import { expect, test } from 'vitest'
import { languageByFunctionWords } from './function-words.ts'

const ENGLISH =
  'The team makes public data available to everyone in the country and maintains a central directory of all that was published by it. ' +
  'This is the page which the reader of the report has to begin with, and it is not the last of them.'
const PORTUGUESE =
  'O documento foi processado com sucesso e todas as faturas foram enviadas ao cliente dentro do prazo que foi combinado com a empresa. ' +
  'Não é a primeira vez que os dados são pedidos por uma pessoa da equipa, mas é a última em que se responde.'

test('a text that is full of the words of one language is in that', () => {
  expect(languageByFunctionWords(ENGLISH)).toBe('en')
  expect(languageByFunctionWords(PORTUGUESE)).toBe('pt')
})

test.each([
  ['too few of them', 'The name of the author'],
  [
    'names and numbers, though a few are among them',
    `${'Miller Ltd. 4711 Springfield Brown '.repeat(20)} ${'the of and to in is that for with are was this '}`,
  ],
  ['as much of another language', `${ENGLISH} ${PORTUGUESE}`],
  [
    'none of them',
    'Dokument został przetworzony, a wszystkie faktury zostały wysłane do klienta w uzgodnionym terminie.'.repeat(3),
  ],
])('%s: not told', (_, text) => {
  expect(languageByFunctionWords(text)).toBeNull()
})
