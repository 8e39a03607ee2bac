import type { FoundCell, FoundTable } from '../structure/grid.ts'
import { rowsOf, type Token } from '../structure/token.ts'
import { fold } from './fold.ts'
import { type Labels, lexiconOf } from './lexicon.ts'
import type { Sheet } from './sheet.ts'
import { tablesUnderHeads } from './tables-under-heads.ts'
import { amountAt, dateAt, type Found, type FoundAmount, type FoundDate, type FoundText, textOf } from './values.ts'

type Column =
  | 'Description'
  | 'Quantity'
  | 'Unit'
  | 'UnitPrice'
  | 'Amount'
  | 'ProductCode'
  | 'Date'
  | 'Tax'
  | 'TaxRate'
  | 'Discount'
  | 'Position'

const HEADERS: Labels<Column> = {
  Description: {
    en: 'description|item description|item|items|product|service|services|details|particulars|product description|description of goods|item & description|activity|work performed|goods|item name|product name|product/service|task',
    pt: 'descrição|designação|produto|serviço|artigo|descrição do produto|descrição dos serviços|discriminação|descrição do serviço|item|produto/serviço|descrição do produto/serviço',
    de: 'Beschreibung|Bezeichnung|Artikel|Leistung|Produkt|Artikelbezeichnung|Produktbezeichnung|Leistungsbeschreibung|Text',
    fr: 'description|désignation|libellé|article|produit|prestation|détail',
    es: 'descripción|concepto|producto|artículo|servicio|detalle',
    it: 'descrizione|articolo|prodotto',
    nl: 'omschrijving|artikel',
  },
  Quantity: {
    en: 'quantity|qty|hours|hrs|units|no of units|qty ordered|hrs/qty|qty/hrs|hours/qty|quantity ordered',
    pt: 'quantidade|qtd|qtde|quant|qt|horas',
    de: 'Menge|Anzahl|Stk|Stunden|Stück',
    fr: 'quantité|qté|qte|nombre',
    es: 'cantidad|cant|uds|unidades',
    it: 'quantità|qtà|q tà',
    nl: 'aantal',
  },
  Unit: {
    en: 'unit|um|uom|unit of measure',
    pt: 'un|unid|unidade',
    de: 'Einheit|ME|Einh',
    fr: 'unité',
    es: 'unidad|ud',
    it: 'um',
  },
  UnitPrice: {
    en: 'unit price|price|rate|price per unit|unit cost|price/unit|cost|hourly rate|unit rate|price each|price ea|rate per hour|unit price excl vat',
    pt: 'preço unitário|preço unit|preço|valor unitário|valor unit|p unitário|p unit|pr unit|vlr unit|vl unitário|preço uni',
    de: 'Einzelpreis|Preis|Stückpreis|E-Preis|Einzel|Preis/Einheit|EP|Stundensatz|Preis pro Einheit|Einzelpreis netto',
    fr: 'prix unitaire|prix unitaire ht|pu ht|pu|p u ht|prix|p u|prix unit|prix unit ht',
    es: 'precio unitario|precio|p unitario|precio unit|precio ud|p unit',
    it: 'prezzo unitario|prezzo|prezzo unit',
    nl: 'prijs|stukprijs|tarief',
  },
  Amount: {
    en: 'amount|total|line total|total price|net amount|price total|total amount|net|net price|line amount|ext price|extended price|extension|sum|subtotal|value|amount usd|amount eur|amount gbp|amount excl vat|total excl vat|net value',
    pt: 'total|valor|valor total|total líquido|montante|preço total|subtotal|vlr total|importância|total linha|vl total|total s/ iva',
    de: 'Gesamtpreis|Gesamt|Betrag|Summe|Gesamtbetrag|G-Preis|Total|GP|Netto|Gesamt netto|Gesamtpreis netto|Nettobetrag|Gessamtpres',
    fr: 'montant|total|montant ht|total ht|prix total|prix total ht|total ligne',
    es: 'importe|total|precio total|subtotal|total línea|valor',
    it: 'importo|totale|prezzo totale',
    nl: 'bedrag|totaal',
  },
  ProductCode: {
    en: 'item code|product code|sku|item no|item #|code|part no|part number|article no|item number|product no|product id|ref',
    pt: 'código|cód|referência|ref|cód produto|código do produto',
    de: 'Artikel-Nr|Art-Nr|Artikelnummer|Artikelnr|Art Nr|Artikel Nr',
    fr: 'référence|réf|code|code article',
    es: 'código|referencia|ref|cód',
    it: 'codice|cod',
    nl: 'artikelnummer',
  },
  Date: {
    en: 'date|service date|training date',
    pt: 'data',
    de: 'Datum',
    fr: 'date',
    es: 'fecha',
    it: 'data',
    nl: 'datum',
  },
  TaxRate: {
    en: 'tax rate|vat rate|vat %|tax %|gst %|% vat|% tax',
    pt: 'taxa iva|% iva|taxa|iva %|tx iva',
    de: 'MwSt %|USt %|Steuersatz|MwSt Satz|% MwSt|MwSt-Satz',
    fr: 'taux tva|% tva|tva %|taux',
    es: 'tipo iva|% iva|iva %',
    it: 'aliquota|iva %|% iva',
  },
  Tax: {
    en: 'tax|vat|gst|tax amount|vat amount',
    pt: 'iva|imposto',
    de: 'MwSt|USt|Steuer',
    fr: 'tva',
    es: 'iva',
    it: 'iva',
    nl: 'btw',
  },
  Discount: {
    en: 'discount|disc|disc %|discount %',
    pt: 'desconto|desc|desc %',
    de: 'Rabatt|Rabatt %',
    fr: 'remise|remise %',
    es: 'descuento|dto|dto %',
    it: 'sconto',
    nl: 'korting',
  },
  Position: {
    en: '#|no|line|sr no|s no|sl no|line no',
    pt: 'nº|linha|pos',
    de: 'Pos|Nr|Position',
    fr: 'n|nº|ligne',
    es: 'n|nº|línea',
    it: 'n',
    nl: 'nr',
  },
}

const COLUMNS = lexiconOf(HEADERS)

/** A line of an invoice: what its cells say, as far as they do. */
export type LineItem = {
  tokens: Token[]
  description?: FoundText
  productCode?: FoundText
  unit?: FoundText
  quantity?: Found<number>
  unitPrice?: FoundAmount
  amount?: FoundAmount
  tax?: FoundAmount
  date?: FoundDate
}

/** "Amount (USD)", "Unit price (excl. VAT)": what is in brackets, and a currency, is no part of a column's name. */
const columnName = (text: string): string =>
  fold(text.slice(0, 60).replace(/\([^()]*\)|[€$£]|\b(?:EUR|USD|GBP|BRL|CHF|EURO)\b/g, ''))

const nameOf = (cell: FoundCell): string => columnName(textOf(rowsOf(cell.tokens).flatMap((row) => row.tokens)))

const columnOf = (cell: FoundCell): Column | undefined => COLUMNS.get(nameOf(cell))?.field

const cellsIn = (table: FoundTable, row: number): FoundCell[] => table.cells.filter((cell) => cell.row === row)

/** The columns of a table whose row `row` names them: what is sold, and what it costs. null: it is no head of lines. */
const columnsIn = (table: FoundTable, row: number): Map<number, Column> | null => {
  const columns = new Map<number, Column>()
  for (const cell of cellsIn(table, row)) {
    const column = columnOf(cell)
    if (column && ![...columns.values()].includes(column)) columns.set(cell.column, column)
  }
  const has = (column: Column) => [...columns.values()].includes(column)
  const isPriced = has('Amount') || (has('UnitPrice') && has('Quantity'))
  return has('Description') && isPriced ? columns : null
}

/** A head is among the first rows. */
const LOWEST_HEAD = 3

const textFound = (tokens: Token[], sheet: Sheet<string>): FoundText => {
  const inOrder = rowsOf(tokens).flatMap((row) => row.tokens)
  return { value: textOf(inOrder), tokens: inOrder, confidence: 0.92 * sheet.readConfidence(inOrder) }
}

/** "2 hours" is a quantity with its unit. */
const quantityFound = (tokens: Token[], sheet: Sheet<string>): Found<number> | undefined => {
  const [first, ...others] = tokens
  if (!first || others.length > 2 || others.some(({ text }) => /\d/.test(text))) return undefined
  const found = amountAt([first], 0.95, sheet)
  return found && !found.value.currency
    ? {
        value: found.value.amount,
        tokens: [first],
        confidence: found.value.plain ? found.confidence / 0.75 : found.confidence,
      }
    : undefined
}

const itemOf = (cells: readonly FoundCell[], columns: Map<number, Column>, sheet: Sheet<string>): LineItem => {
  const item: LineItem = { tokens: cells.flatMap((cell) => cell.tokens) }
  for (const { column, columnSpan, tokens } of cells) {
    const name = columns.get(column)
    if (!name || tokens.length === 0 || columnSpan > 1) continue
    if (name === 'Description') item.description = textFound(tokens, sheet)
    if (name === 'ProductCode') item.productCode = textFound(tokens, sheet)
    if (name === 'Unit') item.unit = textFound(tokens, sheet)
    const quantity = name === 'Quantity' ? quantityFound(tokens, sheet) : undefined
    if (quantity) item.quantity = quantity
    const date = name === 'Date' ? dateAt(tokens, 0.95, sheet) : null
    if (date) item.date = date
    const amount = name === 'UnitPrice' || name === 'Amount' || name === 'Tax' ? amountAt(tokens, 0.95, sheet) : null
    if (amount && name === 'UnitPrice') item.unitPrice = amount
    if (amount && name === 'Amount') item.amount = amount
    if (amount && name === 'Tax') item.tax = amount
  }
  return item
}

/** A price that its quantity does not multiply to the amount was read wrongly, or means something else. */
const checked = (item: LineItem): LineItem => {
  const { quantity, unitPrice, amount } = item
  if (!quantity || !unitPrice || !amount) return item
  const product = quantity.value * unitPrice.value.amount
  // Prices of three decimals, rounded.
  const isRight = Math.abs(product - amount.value.amount) <= 0.011 * Math.max(1, quantity.value)
  const by = isRight ? 1.04 : 0.6
  return {
    ...item,
    unitPrice: { ...unitPrice, confidence: unitPrice.confidence * by },
    quantity: { ...quantity, confidence: quantity.confidence * (isRight ? 1.04 : 0.8) },
    amount: { ...amount, confidence: amount.confidence * (isRight ? 1.04 : 0.8) },
  }
}

const isPriced = (item: LineItem): boolean => Boolean(item.amount || item.unitPrice)

/** A row of text alone goes on with the description above it. */
const withMore = (item: LineItem, more: FoundText): LineItem => ({
  ...item,
  tokens: [...item.tokens, ...more.tokens],
  ...(item.description && {
    description: {
      value: `${item.description.value} ${more.value}`,
      tokens: [...item.description.tokens, ...more.tokens],
      confidence: Math.min(item.description.confidence, more.confidence) * 0.9,
    },
  }),
})

const itemsBelow = (
  table: FoundTable,
  head: number,
  columns: Map<number, Column>,
  sheet: Sheet<string>,
  isTotal: (tokens: Token[]) => boolean,
): LineItem[] => {
  const items: LineItem[] = []
  for (let row = head + 1; row < table.rowCount; row += 1) {
    const cells = cellsIn(table, row)
    if (isTotal(cells.flatMap((cell) => cell.tokens))) break
    const item = checked(itemOf(cells, columns, sheet))
    const last = items.at(-1)
    if (isPriced(item) && item.description) items.push(item)
    else if (last && item.description && !item.amount && !item.quantity && /\p{L}/u.test(item.description.value))
      items[items.length - 1] = withMore(last, item.description)
  }
  return items
}

/** How much lines say: the number of what was found in them. */
const saidBy = (items: readonly LineItem[]): number =>
  items.reduce((sum, item) => sum + Object.keys(item).length - 1, 0)

/** `lines`: the words of the head and of what stands under it. */
export type ItemTable = { items: LineItem[]; lines: Token[] }

const itemsOf = (table: FoundTable, sheet: Sheet<string>, isTotal: (tokens: Token[]) => boolean): ItemTable[] => {
  for (let head = 0; head < Math.min(LOWEST_HEAD, table.rowCount); head += 1) {
    const columns = columnsIn(table, head)
    if (!columns) continue
    const rows = Array.from({ length: table.rowCount - head }, (_, row) =>
      cellsIn(table, head + row).flatMap((cell) => cell.tokens),
    )
    const end = rows.findIndex((row, index) => index > 0 && isTotal(row))
    return [
      {
        items: itemsBelow(table, head, columns, sheet, isTotal),
        lines: rows.slice(0, end < 0 ? rows.length : end).flat(),
      },
    ]
  }
  return []
}

/**
 * The lines of an invoice, from the table whose head names a description and prices: one that was found on the page, or what stands under
 * such a head, whichever says more.
 * @param isTotal whether words are the row of a total, below which there are no lines
 */
export const findLineItems = (sheet: Sheet<string>, isTotal: (tokens: Token[]) => boolean): ItemTable | null => {
  const tables = [...sheet.tables, ...tablesUnderHeads(sheet, (phrase) => COLUMNS.has(columnName(phrase.text)))]
  const found = tables.flatMap((table) => itemsOf(table, sheet, isTotal))
  return found.toSorted((a, b) => saidBy(b.items) - saidBy(a.items))[0] ?? null
}
