import { expect, test } from 'vitest'
import { orderProvedBy, parseDate, parseTime } from './date.ts'

const dates = (...texts: string[]) => texts.map((text) => parseDate(text, 'either')?.date)

test('a date that can be told is read, in any of the languages', () => {
  expect(
    dates('2024-03-05', '5.3.2024', '25/12/2023', '12/25/2023', 'March 5, 2024', '5 March 2024', '5 de março de 2024'),
  ).toEqual(['2024-03-05', '2024-03-05', '2023-12-25', '2023-12-25', '2024-03-05', '2024-03-05', '2024-03-05'])
  expect(
    dates('5. März 2024', '1er août 2023', '3 mars 2024', 'Tuesday, March 5, 2024', '05-Mar-24', '5th of May 2024'),
  ).toEqual(['2024-03-05', '2023-08-01', '2024-03-03', '2024-03-05', '2024-03-05', '2024-05-05'])
})

test('where day and month may change places, the order of the document tells, or nothing does', () => {
  expect(parseDate('03/04/2024', 'day-first')).toEqual({ date: '2024-04-03', usesOrder: true })
  expect(parseDate('03/04/2024', 'month-first')).toEqual({ date: '2024-03-04', usesOrder: true })
  expect(parseDate('03/04/2024', 'either')).toEqual({ date: null, usesOrder: true })
  expect(parseDate('04/04/2024', 'either')).toEqual({ date: '2024-04-04', usesOrder: false })
})

test('what is no date is none', () => {
  expect(dates('31/02/2024', '2024', '13/13/2024', '1.234,56', 'Market 5, 2024', 'May', '30 days')).toEqual(
    Array(7).fill(undefined),
  )
})

test('a number above 12 proves the order', () => {
  expect(['25/12/2023', '12/25/2023', '03/04/2024', '25.12.2023'].map(orderProvedBy)).toEqual([
    'day-first',
    'month-first',
    null,
    null,
  ])
})

test('times of day, with halves of it or without', () => {
  expect(['13:59', '5:55 PM', '12:05 am', '07:08:09', '14h30', '25:00', '13:00 PM', '1:5'].map(parseTime)).toEqual([
    '13:59:00',
    '17:55:00',
    '00:05:00',
    '07:08:09',
    '14:30:00',
    null,
    null,
    null,
  ])
})
