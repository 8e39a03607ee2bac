import fc from 'fast-check'
import { expect, test } from 'vitest'
import { languageOf } from './language.ts'

test.each([
  [
    'en',
    'The team makes public data available to everyone and maintains a central directory for all that was published.',
  ],
  [
    'pt',
    'O documento foi processado com sucesso e todas as faturas foram enviadas ao cliente dentro do prazo combinado.',
  ],
  [
    'fr',
    'Le certificat ne sert pas à la transmission des données à caractère personnel, sauf avec votre accord écrit.',
  ],
  [
    'de',
    'Vielen Dank für Ihre Rechnung, die wir am Montag erhalten haben und in den nächsten Tagen begleichen werden.',
  ],
  [
    'ru',
    'Документ был успешно обработан, и все счета были отправлены клиенту в срок, указанный в договоре. Если у вас есть вопросы, позвоните нам по телефону или напишите письмо, и мы ответим вам как можно скорее, обычно в течение одного рабочего дня. Мы благодарим вас за сотрудничество и надеемся, что наша работа вам понравилась и будет полезна.',
  ],
])('a page in %s', (locale, content) => {
  expect(languageOf(content)).toMatchObject({ locale, spans: [{ offset: 0, length: content.length }] })
})

test('more of it is surer', () => {
  const content = 'The team makes public data available to everyone and maintains a central directory of it. '
  expect(languageOf(content.repeat(4))?.confidence).toBeGreaterThan(languageOf(content)?.confidence ?? 1)
})

test.each([
  ['nothing', ''],
  ['a word', 'Hello'],
  ['labels', 'Invoice No 123 Total 55.00 Due Date'],
  ['numbers', '310,00 50,00 AD1234567 2020 12 34 '.repeat(20)],
])('%s: not told', (_, content) => {
  expect(languageOf(content)).toBeNull()
})

test('any text: a tag that is one, or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 2000 }), (content) => {
      const language = languageOf(content)
      if (language) expect(Intl.getCanonicalLocales(language.locale)).toEqual([language.locale])
    }),
  )
})
