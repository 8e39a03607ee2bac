import type { DocumentField } from '@adp/contract/result-fields.ts'
import { expect, test } from 'vitest'
import { formatFor } from '../format.ts'
import { fieldText, sayMarks } from './field-text.ts'

const words = {
  yes: 'Sim',
  no: 'Não',
  selected: 'marcado',
  unselected: 'desmarcado',
  signed: 'assinado',
  unsigned: 'sem assinatura',
}
const portuguese = formatFor('pt-BR')

test.each<[DocumentField, string | null]>([
  [{ type: 'string', valueString: 'Contoso', content: 'CONTOSO' }, 'Contoso'],
  [{ type: 'date', valueDate: '2026-11-03', content: '3/11' }, '3 de nov. de 2026'],
  [{ type: 'date', valueDate: 'soon' }, 'soon'],
  [{ type: 'time', valueTime: '13:59:00' }, '13:59:00'],
  [{ type: 'phoneNumber', valuePhoneNumber: '+5511987654321' }, '+5511987654321'],
  [{ type: 'number', valueNumber: 1234.56789 }, '1.234,56789'],
  [{ type: 'number', valueNumber: 0, content: 'zero' }, '0'],
  [{ type: 'integer', valueInteger: -3 }, '-3'],
  [{ type: 'selectionMark', valueSelectionMark: 'unselected' }, 'desmarcado'],
  [{ type: 'signature', valueSignature: 'signed' }, 'assinado'],
  [{ type: 'signature', valueSignature: 'smudged' }, 'smudged'],
  [{ type: 'countryRegion', valueCountryRegion: 'BRA' }, 'BRA'],
  [{ type: 'boolean', valueBoolean: false }, 'Não'],
  [{ type: 'currency', valueCurrency: { amount: 1234.5, currencyCode: 'BRL' } }, 'R$\u00A01.234,50'],
  [{ type: 'currency', valueCurrency: { amount: 7, currencySymbol: '₿' } }, '₿\u00A07'],
  [{ type: 'currency', valueCurrency: { amount: 7, currencyCode: 'money' } }, 'money\u00A07'],
  [{ type: 'address', valueAddress: { road: 'Main St', city: 'Redmond' } }, 'Main St, Redmond'],
  [{ type: 'address', valueAddress: { road: 'Main St' }, content: '1 Main St' }, '1 Main St'],
  [{ type: 'selectionGroup', valueSelectionGroup: ['a', 'b'] }, 'a, b'],
  [{ type: 'newer', content: 'as written' }, 'as written'],
  [{ type: 'string' }, null],
])('%j is %s', (field, text) => {
  expect(fieldText(field, portuguese, words)).toBe(text)
})

test('selection marks are said in words, wherever they stand', () => {
  expect(sayMarks(':selected: or :unselected:, but not selected:', words)).toBe(
    'marcado or desmarcado, but not selected:',
  )
})
