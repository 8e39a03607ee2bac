import { fold } from './fold.ts'

/** What the first number of 03/04/2024 is: `either` while nothing tells. */
export type DayOrder = 'day-first' | 'month-first' | 'either'

/** `date` is null where day and month cannot be told apart. `usesOrder`: only the order of the document tells them apart. */
export type ReadDate = { date: string | null; usesOrder: boolean }

/** The months in English, Portuguese, German, French, Spanish, Italian and Dutch, folded, and what is short for them but no beginning of them. */
const MONTHS: readonly string[][] = [
  'january janeiro januar janvier enero gennaio januari janner',
  'february fevereiro februar fevrier febrero febbraio februari',
  'march marco marz mars marzo maart maerz mrz',
  'april abril avril aprile',
  'may maio mai mayo maggio mei',
  'june junho juni juin junio giugno',
  'july julho juli juillet julio luglio',
  'august agosto aout augustus',
  'september setembro septembre septiembre settembre',
  'october outubro oktober octobre octubre ottobre',
  'november novembro novembre noviembre',
  'december dezembro dezember decembre diciembre dicembre',
].map((names) => names.split(' '))

const monthOf = (word: string): number => {
  const folded = fold(word)
  return folded.length < 3 ? 0 : MONTHS.findIndex((names) => names.some((name) => name.startsWith(folded))) + 1
}

/** Years of two digits are of this century. */
const fullYear = (year: number): number => (year < 100 ? 2000 + year : year)

const dateOf = (year: number, month: number, day: number): string | null => {
  const full = fullYear(year)
  const date = new Date(Date.UTC(full, month - 1, day))
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && full >= 1970 && full < 2100
  return isReal ? date.toISOString().slice(0, 10) : null
}

const NUMERIC = /^(\d{1,2})([./-])(\d{1,2})\2(\d{2}|\d{4})$/
const YEAR_FIRST = /^(\d{4})([./-])(\d{1,2})\2(\d{1,2})$/
const DAY_MONTH =
  /^(?:\p{L}{2,12},? )?(\d{1,2})(?:st|nd|rd|th|º|er|\.)?[ -]?(?:de |of )?(\p{L}{3,10})\.?,?[ -]?(?:de |del )?(\d{2}|\d{4})$/iu
const MONTH_DAY = /^(?:\p{L}{2,12},? )?(\p{L}{3,10})\.?[ -]?(\d{1,2})(?:st|nd|rd|th)?,?[ -]?(\d{4})$/iu

/** Longer text is no date. */
const LONGEST = 34

const certain = (date: string | null): ReadDate | null => (date ? { date, usesOrder: false } : null)

const numericDate = (
  first: number,
  second: number,
  year: number,
  separator: string,
  order: DayOrder,
): ReadDate | null => {
  const [dayFirst, monthFirst] = [dateOf(year, second, first), dateOf(year, first, second)]
  if (!dayFirst || !monthFirst || first === second) return certain(dayFirst ?? monthFirst)
  // Nobody who writes points puts the month first.
  if (separator === '.') return certain(dayFirst)
  if (order === 'either') return { date: null, usesOrder: true }
  return { date: order === 'day-first' ? dayFirst : monthFirst, usesOrder: true }
}

/** A whole text as a date, and null when it is none. */
export const parseDate = (text: string, order: DayOrder): ReadDate | null => {
  const trimmed = text.trim().replace(/[,;.]$/, '')
  if (trimmed.length > LONGEST) return null
  const numeric = NUMERIC.exec(trimmed)
  if (numeric) return numericDate(Number(numeric[1]), Number(numeric[3]), Number(numeric[4]), numeric[2] ?? '', order)
  const yearFirst = YEAR_FIRST.exec(trimmed)
  if (yearFirst) return certain(dateOf(Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4])))
  const dayMonth = DAY_MONTH.exec(trimmed)
  if (dayMonth) return certain(dateOf(Number(dayMonth[3]), monthOf(dayMonth[2] ?? ''), Number(dayMonth[1])))
  const monthDay = MONTH_DAY.exec(trimmed)
  return monthDay ? certain(dateOf(Number(monthDay[3]), monthOf(monthDay[1] ?? ''), Number(monthDay[2]))) : null
}

/** Which order a numeric date proves by a number above 12; null when it proves none. */
export const orderProvedBy = (text: string): Exclude<DayOrder, 'either'> | null => {
  const numeric = NUMERIC.exec(text)
  if (!numeric || numeric[2] === '.') return null
  const [first, second, year] = [Number(numeric[1]), Number(numeric[3]), Number(numeric[4])]
  if (first > 12 && dateOf(year, second, first)) return 'day-first'
  return second > 12 && dateOf(year, first, second) ? 'month-first' : null
}

const TIME = /^(\d{1,2})[:h](\d{2})(?::(\d{2}))? ?(am|pm|a\.m\.|p\.m\.|uhr|h)?$/i

/** A time of day as hh:mm:ss, and null when the text is none. */
export const parseTime = (text: string): string | null => {
  if (text.length > 14) return null
  const time = TIME.exec(text.trim())
  if (!time) return null
  const [, hours = '', minutes = '', seconds = '00', half = ''] = time
  const isAfternoon = /^p/i.test(half)
  const isMorning = /^a/i.test(half)
  const hour = isAfternoon ? (Number(hours) % 12) + 12 : isMorning ? Number(hours) % 12 : Number(hours)
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59 || ((isAfternoon || isMorning) && Number(hours) > 12))
    return null
  return `${String(hour).padStart(2, '0')}:${minutes}:${seconds}`
}
