/** Numbers, sizes and dates as the reader's language writes them. `locale` is a BCP 47 tag. */
export type Format = {
  number(value: number): string
  /** Bytes, in the largest unit that leaves a whole part: 1 kB = 1000 B. */
  size(bytes: number): string
  /** Date and time to the minute, of an ISO 8601 instant, in the reader's time zone. */
  moment(iso: string): string
  /** Date and time to the second, as a log needs it. */
  exact(iso: string): string
  /** Time of day to the second: backoff begins at seconds. */
  time(iso: string): string
  percent(part: number): string
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

export function formatFor(locale: string): Format {
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  return {
    number: (value) => number.format(value),
    size: (bytes) => formatSize(bytes, locale),
    moment: (iso) => moment.format(new Date(iso)),
    exact: (iso) => exact.format(new Date(iso)),
    time: (iso) => time.format(new Date(iso)),
    percent: (part) => percent.format(part),
  }
}
