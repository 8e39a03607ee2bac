import { bottom, median, type Token } from '../structure/token.ts'
import { parseAmount } from './amount.ts'
import { addressIn, isAddressLine, isContact, linesBelow } from './blocks.ts'
import { parseDate } from './date.ts'
import { fold } from './fold.ts'
import type { FoundLabel } from './labels.ts'
import { below, type Phrase, phraseOf, rightOf } from './phrases.ts'
import type { Sheet } from './sheet.ts'
import { type FoundText, textOf } from './values.ts'

/** Who a document is from, or for. `lines`: all that stands in its block. */
export type Party = { name: FoundText; address: FoundText | null; lines: Phrase[] }

/** What a document calls itself, which is nobody's name. */
const TITLES = new Set(
  'invoice taxinvoice commercialinvoice proformainvoice salesinvoice receipt salesreceipt bill statement creditnote quote quotation estimate original copy duplicate page invoicereceipt projectstatement statementofaccount fatura faturarecibo faturasimplificada factura recibo notafiscal orcamento rechnung ihrerechnung quittung gutschrift facture recu avoir devis facturasimplificada ticket fattura factuur thankyou welcome danfe orderdetails back help customercopy merchantcopy originalinvoice deliverynote'.split(
    ' ',
  ),
)

/** Whether a text is what a document calls itself: "Invoice". */
export const isTitle = (text: string): boolean => {
  const folded = fold(text)
  return TITLES.has(folded) || /^(?:thankyou|thanksfor|welcometo|obrigado|vielendank|merci|gracias)/.test(folded)
}

/** How a company's name ends. */
const COMPANY =
  /(?:^|[\s,&.])(?:ltd|limited|inc|incorporated|llc|llp|plc|corp|corporation|company|co|gmbh|ag|kg|ohg|ug|e\.?k|lda|ltda|s\.?a|sarl|s\.?a\.?r\.?l|sas|eurl|s\.?l|s\.?l\.?u|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|pty ltd|pvt ltd|unipessoal|eireli|me|oy|ab|aps|gbr|group|associates|services|solutions|partners|consulting)\.?$/i

const LONGEST_NAME = 60

/** Whether a text may be somebody's name. */
export const isNameLike = (text: string): boolean => {
  const letters = text.replace(/[^\p{L}]/gu, '').length
  return (
    text.length <= LONGEST_NAME &&
    letters >= 3 &&
    letters > 0.55 * text.replace(/\s/g, '').length &&
    !text.includes(':') &&
    /^[^\p{L}]*\p{Lu}/u.test(text) &&
    (!text.endsWith('.') || COMPANY.test(text)) &&
    !isTitle(text) &&
    !isContact(text) &&
    parseAmount(text, null) === null &&
    parseDate(text, 'day-first') === null
  )
}

const named = (tokens: Token[], trust: number, sheet: Sheet<string>): FoundText => ({
  value: textOf(tokens).replace(/[,;:]$/, ''),
  tokens,
  confidence: trust * sheet.readConfidence(tokens),
})

const hasAddress = (lines: readonly Phrase[]): boolean => lines.some(({ text }) => isAddressLine(text))

const partyOf = (tokens: Token[], lines: Phrase[], trust: number, sheet: Sheet<string>): Party => {
  const address = addressIn(lines)
  const words = address.flatMap((line) => line.tokens)
  return {
    name: named(tokens, trust, sheet),
    lines,
    address: hasAddress(address)
      ? {
          value: address.map(({ text }) => text).join('\n'),
          tokens: words,
          confidence: 0.97 * trust * sheet.readConfidence(words),
        }
      : null,
  }
}

/** A name stands at most so many letters right of its label. */
const LETTERS_APART = 18

/** The name and the address that a label stands for: beside it, under it, or right of it. */
export const partyAt = <F extends string>(label: FoundLabel<F>, sheet: Sheet<F>): Party | null => {
  const { character, height } = sheet.scale
  if (label.rest.length > 0) {
    // "Customer signature", "From 1 May"
    if (!label.hasMark) return null
    const start = phraseOf(label.rest)
    if (!isNameLike(start.text)) return null
    const own = linesBelow(start, sheet)
    return partyOf(start.tokens, own.length > 0 ? own : linesBelow(label.phrase, sheet), 0.93, sheet)
  }
  const [under] = below(label.box, sheet.phrases, 1.5 * character, 2 * height)
  const [right] = rightOf(label.phrase.box, sheet.phrases)
  const start = label.box.x + label.box.width
  const isNear = right && !sheet.labelled.has(right) && right.box.x - start < LETTERS_APART * character
  if (
    under &&
    !sheet.labelled.has(under) &&
    isNameLike(under.text) &&
    !isAddressLine(under.text) &&
    Math.abs(under.box.x - label.box.x) < 1.5 * character
  )
    return partyOf(under.tokens, linesBelow(under, sheet), isNear ? 0.75 : 0.92, sheet)
  if (isNear && isNameLike(right.text)) return partyOf(right.tokens, linesBelow(right, sheet), 0.88, sheet)
  return null
}

/** Where the letter's head ends, as a share of the page. */
const HEAD = 0.33

/** Words of the page's addresses in the net: "mail@contoso.com" and "www.contoso.com" are Contoso's. */
const domainsOf = (sheet: Sheet<string>): string[] =>
  sheet.phrases.flatMap(({ tokens }) =>
    tokens.flatMap(({ text }) =>
      text.length < 80 && /@|www\./i.test(text) ? [fold(text.slice(text.indexOf('@') + 1).replace(/^www\./i, ''))] : [],
    ),
  )

const inDomain = (text: string, domains: readonly string[]): boolean => {
  const words = text
    .split(' ')
    .map(fold)
    .filter((word) => word.length >= 4)
  return domains.some(
    (domain) =>
      words.some((word) => domain.startsWith(word)) || (fold(text).length >= 4 && domain.startsWith(fold(text))),
  )
}

type Judged = { phrase: Phrase; lines: Phrase[]; score: number }

const judge = (
  phrase: Phrase,
  first: Phrase | undefined,
  usual: number,
  domains: readonly string[],
  sheet: Sheet<string>,
): Judged => {
  const lines = linesBelow(phrase, sheet)
  const folded = fold(phrase.text)
  const isRepeated = sheet.phrases.some(({ text, box }) => box.y > sheet.size.height / 2 && fold(text).includes(folded))
  const hasBlock = lines.slice(0, 3).some(({ text }) => isAddressLine(text) || isContact(text))
  const score =
    0.3 +
    (COMPANY.test(phrase.text) ? 0.3 : 0) +
    (phrase.box.height > 1.3 * usual ? 0.2 : 0) +
    (phrase === first ? 0.15 : 0) +
    (hasBlock ? 0.15 : 0) +
    (inDomain(phrase.text, domains) ? 0.25 : 0) +
    (isRepeated ? 0.1 : 0)
  return { phrase, lines, score }
}

/** The block of a name: where it is a logo with nothing under it, that of the same name where it has its address. */
const blockOf = ({ phrase, lines }: Judged, head: readonly Phrase[], sheet: Sheet<string>): Phrase[] => {
  if (hasAddress(lines)) return lines
  const folded = fold(phrase.text)
  const others = head.filter((other) => other !== phrase && fold(other.text) === folded)
  return others.map((other) => linesBelow(other, sheet)).find(hasAddress) ?? lines
}

/** Less than that is a guess. */
const ENOUGH = 0.6

/**
 * Who wrote the document, where no label says so: the name in its head that looks like a company's, is large, stands first, has an address
 * under it or a domain like it. null when none does, or two do.
 * @param taken the phrases of other parties
 */
export const findLetterhead = (sheet: Sheet<string>, taken: ReadonlySet<Phrase>): Party | null => {
  const usual = median(sheet.phrases.map(({ box }) => box.height))
  const head = sheet.phrases.filter(
    (phrase) =>
      bottom(phrase.box) < HEAD * sheet.size.height &&
      !taken.has(phrase) &&
      !sheet.labelled.has(phrase) &&
      isNameLike(phrase.text) &&
      !isAddressLine(phrase.text),
  )
  const domains = domainsOf(sheet)
  const [best, second] = head
    .slice(0, 40)
    .map((phrase) => judge(phrase, head[0], usual, domains, sheet))
    .toSorted((a, b) => b.score - a.score)
  if (!best || best.score < ENOUGH) return null
  const isRivalled = second && second.score > best.score - 0.1 && fold(second.phrase.text) !== fold(best.phrase.text)
  const trust = Math.min(0.95, best.score) * (isRivalled ? 0.6 : 1)
  return partyOf(best.phrase.tokens, blockOf(best, head, sheet), trust, sheet)
}
