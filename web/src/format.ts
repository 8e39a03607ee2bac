/** Numbers, sizes and dates as the reader's language writes them. `locale` is a BCP 47 tag. */
export type Format = {
  number(value: number): string
  /** With every decimal that it has. */
  exactNumber(value: number): string
  /** An amount in a currency, by its ISO 4217 code or, without one, its symbol. */
  money(amount: number, code: string | undefined, symbol: string | undefined): string
  /** A day of the calendar, YYYY-MM-DD; what is none, as it is. */
  day(date: string): string
  /** Bytes, in the largest unit that leaves a whole part: 1 kB = 1000 B. */
  size(bytes: number): string
  /** Date and time to the minute, of an ISO 8601 instant, in the reader's time zone. */
  moment(iso: string): string
  /** To the minute, of something a few days away at most: the time of day, and the date unless that is the one of `now` (ms since 1970). */
  when(iso: string, now: number): string
  /** How long something has lasted, in the largest unit with a whole part. */
  age(ms: number): string
  /** Date and time to the second, as a log needs it. */
  exact(iso: string): string
  /** Time of day to the second: backoff begins at seconds. */
  time(iso: string): string
  percent(part: number): string
  /** So many per minute: small ones with a decimal. */
  rate(value: number): string
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

function formatSize(bytes: number, locale: string): string {
  let value = bytes
  let unit = 0
  // 999.95 of a unit would be written as 1,000.0 of it.
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const maximumFractionDigits = unit === 0 || value >= 100 ? 0 : 1
  // The short form of a byte has no plural: "686 byte".
  const unitDisplay = unit === 0 ? 'long' : 'short'
  const options = { style: 'unit', unit: UNITS[unit] ?? 'byte', unitDisplay, maximumFractionDigits } as const
  return new Intl.NumberFormat(locale, options).format(value)
}

const AGES = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const

function formatAge(ms: number, locale: string): string {
  const { unit, ms: of } = AGES.find((age) => ms >= age.ms) ?? { unit: 'second', ms: 1000 }
  // What lies ahead by a clock that is a little off has just begun.
  const value = Math.max(0, Math.floor(ms / of))
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
}

function formatMoney(amount: number, locale: string, code = '', symbol = code): string {
  if (/^[A-Z]{3}$/i.test(code))
    return new Intl.NumberFormat(locale, { style: 'currency', currency: code }).format(amount)
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(amount)
  return symbol === '' ? number : `${symbol}\u00A0${number}`
}

export function formatFor(locale: string): Format {
  const number = new Intl.NumberFormat(locale)
  const exactNumber = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 })
  const calendarDay = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const rate = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const minute = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const dayAndMinute = { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const
  const day = new Intl.DateTimeFormat(locale, dayAndMinute)
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  return {
    number: (value) => number.format(value),
    exactNumber: (value) => exactNumber.format(value),
    money: (amount, code, symbol) => formatMoney(amount, locale, code, symbol),
    day: (date) => {
      const midnight = new Date(`${date}T00:00:00Z`)
      return Number.isNaN(midnight.getTime()) ? date : calendarDay.format(midnight)
    },
    size: (bytes) => formatSize(bytes, locale),
    moment: (iso) => moment.format(new Date(iso)),
    when: (iso, now) => {
      const date = new Date(iso)
      const today = date.toDateString() === new Date(now).toDateString()
      return (today ? minute : day).format(date)
    },
    age: (ms) => formatAge(ms, locale),
    exact: (iso) => exact.format(new Date(iso)),
    time: (iso) => time.format(new Date(iso)),
    percent: (part) => percent.format(part),
    rate: (value) => (value < 10 ? rate : whole).format(value),
  }
}
