import type { Locale } from './locales.ts'
import type { Random } from './random.ts'
import type { LabelName } from './wordings.ts'

export type Party = { name: string; address: string[]; taxId: string; phone: string; email: string }
export type Item = { description: string; quantity: number; price: number; amount: number }

/** What an invoice is about, and how it writes: everything that a layout needs, and the truth. */
export type Sample = {
  locale: Locale
  label(name: LabelName): string
  money(amount: number): string
  date(iso: string): string
  /** null: no amount says it. */
  currencyCode: string | null
  vendor: Party
  customer: Party
  id: string
  issued: string
  due: string
  order: string
  rate: number
  items: Item[]
  subtotal: number
  tax: number
  total: number
}

const cents = (amount: number) => Math.round(amount * 100) / 100

const formatNumber = (amount: number, { mark, group }: Locale): string => {
  const [whole = '', decimals = ''] = Math.abs(amount).toFixed(2).split('.')
  return `${amount < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, group)}${mark}${decimals}`
}

const two = (number: number) => String(number).padStart(2, '0')

const LANGUAGE_OF: Record<string, string> = { 'en-EU': 'en-GB' }

const formatDate = (iso: string, style: string, { tag }: Locale): string => {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  if (style === 'iso') return iso
  const separator = style.at(-1) ?? '/'
  if (style.startsWith('dmy')) return [two(day), two(month), year].join(separator)
  if (style === 'mdy/') return [two(month), two(day), year].join(separator)
  const form = { day: 'numeric', month: style === 'long' ? 'long' : 'short', year: 'numeric', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(LANGUAGE_OF[tag] ?? tag, form)
    .format(new Date(`${iso}T00:00:00Z`))
    .replaceAll('\u202f', ' ')
}

const makeParty = (random: Random, { companies, streets, cities, taxId }: Locale, not?: string): Party => {
  const name = random.pick(companies.filter((company) => company !== not))
  const domain = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z]/g, '')
    .slice(0, 12)
  return {
    name,
    address: [random.pick(streets), random.pick(cities)],
    taxId: taxId(),
    phone: `+${random.int(30, 59)} ${random.int(100, 999)} ${random.int(100000, 999999)}`,
    email: `${random.pick(['info', 'office', 'billing'])}@${domain}.example`,
  }
}

const IDS: readonly ((random: Random, year: string) => string)[] = [
  (random) => `INV-${random.int(1000, 99999)}`,
  (random, year) => `${year}-${two(random.int(1, 99))}${random.int(10, 99)}`,
  (random) => String(random.int(10000, 9999999)),
  (random, year) => `FT ${year}/${random.int(1, 999)}`,
  (random) => `${random.pick(['A', 'RE', 'F', 'SI'])}${random.int(10000, 99999)}`,
]

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** @param lines how many lines it has at most @param heldOut whether it is of those that nothing is tuned on */
export const makeSample = (random: Random, locale: Locale, lines: number, heldOut: boolean): Sample => {
  const set = heldOut ? 'heldOut' : 'tuned'
  const style = random.pick(locale.dates[set])
  const issued = Date.UTC(random.int(2018, 2026), random.int(0, 11), random.int(1, 28))
  const vendor = makeParty(random, locale)
  const items = Array.from({ length: random.int(Math.min(lines, 2), lines) }, () => {
    const [quantity, price] = [random.int(1, 12), cents(random.int(150, 90000) / 100)]
    return { description: random.pick(locale.goods), quantity, price, amount: cents(quantity * price) }
  })
  const rate = random.pick(locale.taxRates)
  const subtotal = cents(items.reduce((sum, { amount }) => sum + amount, 0))
  const tax = cents((subtotal * rate) / 100)
  const chosen = new Map<LabelName, string>()
  const { before, after } = locale.currency
  const withCurrency = random.chance(0.8)
  return {
    locale,
    label: (name) => {
      const known = chosen.get(name) ?? random.pick(locale.labels[name][set])
      chosen.set(name, known)
      return known
    },
    money: (amount) => {
      const number = formatNumber(amount, locale)
      return withCurrency ? `${before}${number}${after}` : number
    },
    date: (iso) => formatDate(iso, style, locale),
    currencyCode: withCurrency ? locale.currency.code : null,
    vendor,
    customer: makeParty(random, locale, vendor.name),
    id: random.pick(IDS)(random, dayOf(issued).slice(0, 4)),
    issued: dayOf(issued),
    due: dayOf(issued + random.pick([14, 30, 45]) * 86_400_000),
    order: random.chance(0.4) ? `PO-${random.int(1000, 9999)}` : '',
    rate,
    items,
    subtotal,
    tax,
    total: cents(subtotal + tax),
  }
}
