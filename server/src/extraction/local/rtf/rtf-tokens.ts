/** A file of RTF (1.9.1, "RTF Syntax") as its parser meets it. `byte` is one of the document's code page. */
export type RtfToken =
  | { kind: 'open' }
  | { kind: 'close' }
  | { kind: 'word'; name: string; value: number | null }
  | { kind: 'byte'; byte: number }
  | { kind: 'text'; bytes: Buffer }

const WORD = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?/y
const HEX = /\\'([0-9a-fA-F]{2})/y
const PLAIN = /[^\\{}\r\n]+/y

/** Characters that a backslash makes a word of, or takes the meaning from. */
const SYMBOLS: Record<string, RtfToken> = {
  '~': { kind: 'byte', byte: 0xa0 },
  _: { kind: 'byte', byte: 0x2d },
  '*': { kind: 'word', name: '*', value: null },
  '\n': { kind: 'word', name: 'par', value: null },
  '\r': { kind: 'word', name: 'par', value: null },
}

/** @param source the file in latin1, a character for each byte */
export function* rtfTokens(source: string): Generator<RtfToken> {
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) at = pattern.lastIndex
    return found
  }
  while (at < source.length) {
    const character = source[at]
    const plain = match(PLAIN)
    if (plain) yield { kind: 'text', bytes: Buffer.from(plain[0], 'latin1') }
    else if (character === '{' || character === '}') {
      at += 1
      yield { kind: character === '{' ? 'open' : 'close' }
    } else if (character !== '\\') at += 1
    else {
      const word = match(WORD)
      const hex = word ? null : match(HEX)
      if (word) {
        const value = word[2] === undefined ? null : Number(word[2])
        // Pictures and other bytes as they are.
        if (word[1] === 'bin') at += Math.max(0, value ?? 0)
        else yield { kind: 'word', name: word[1] ?? '', value }
      } else if (hex) yield { kind: 'byte', byte: Number.parseInt(hex[1] ?? '', 16) }
      else {
        const symbol = source[at + 1] ?? ''
        at += 2
        const meaning = SYMBOLS[symbol]
        if (meaning) yield meaning
        else if ('\\{}'.includes(symbol)) yield { kind: 'byte', byte: symbol.charCodeAt(0) }
      }
    }
  }
}
