import iconv from 'iconv-lite'

/** The letters beyond ASCII of languages, small ones. One that is in none of a text's language speaks against the encoding that shows it. */
const WESTERN = [
  'áàâãéêíóôõúüç',
  'áéíóúüñç',
  'àâæçéèêëîïôœùûüÿ',
  'äöüß',
  'àèéìîòù',
  'åäöæøé',
  'äöõüšž',
  'áéíóúýþæöð',
  'áàéèêëïíóöúü',
  'àçéèíïóòúü',
]
const CENTRAL = ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'ăâîșțşţ', 'čćđšž']
const BALTIC = ['ąčęėįšųūž', 'āčēģīķļņšūž']
const TURKISH = ['çğıöşüâîûi̇']
const CYRILLIC = ['абвгдеёжзийклмнопрстуфхцчшщъыьэюя']

/** In the order in which they are believed where nothing tells them apart. */
const CANDIDATES: [encoding: string, alphabets: string[]][] = [
  ['windows-1252', WESTERN],
  ['windows-1250', CENTRAL],
  ['iso-8859-2', CENTRAL],
  ['windows-1254', TURKISH],
  ['windows-1257', BALTIC],
  ['cp850', WESTERN],
  ['macintosh', WESTERN],
  ['cp852', CENTRAL],
  ['cp866', CYRILLIC],
]

/** A sign between letters, a capital behind a small letter, as in "situa‡Æo": of quotes, hyphens and "l·l" none. */
const ODD = /\p{L}[^\p{L}\p{M}\p{Nd}\p{Cc}\s\0-\x7f’‘·–—\xad](?=\p{L})|\p{Ll}(?![A-Z])\p{Lu}/gu

/** What no text has. */
const CONTROL = /[\x80-\x84\x86-\x9f\ufffd]/g
const WORSE = 5

/** Ordinals and the sign of a millionth are letters to Unicode, and stand beside words of any language. */
const LETTER = /(?![ªºµƒ])[^\0-\x7f\P{L}]/gu

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0

/** How much speaks against a text: letters that no one language has together, and what is odd. */
const costOf = (text: string, alphabets: readonly string[]): number => {
  const letters = (text.match(LETTER) ?? []).map((letter) => letter.toLowerCase())
  const foreign = alphabets.map((alphabet) => letters.filter((letter) => !alphabet.includes(letter)).length)
  return Math.min(...foreign) + count(text, ODD) + WORSE * count(text, CONTROL)
}

/** What is taken for another encoding than Windows' has nothing odd but in so many of its bytes beyond ASCII: bytes at random have more. */
const MOST_ODD = 0.1

/**
 * Which encoding of one byte a text is in that looks like one of the West: Windows' own, unless its letters speak against it, and for another.
 * `cost`: how much speaks against it all the same. Guesses by how often letters follow each other take Polish for French, and know nothing of DOS and the Macintosh.
 */
export const latinEncoding = (sample: Buffer): { encoding: string; cost: number } => {
  const high = sample.filter((byte) => byte > 127).length
  let best = { encoding: 'windows-1252', cost: Number.POSITIVE_INFINITY }
  for (const [encoding, alphabets] of CANDIDATES) {
    const cost = costOf(iconv.decode(sample, encoding), alphabets)
    const isBelieved = encoding === 'windows-1252' || cost <= MOST_ODD * high
    if (isBelieved && cost < best.cost) best = { encoding, cost }
    if (best.cost === 0) break
  }
  return best
}
