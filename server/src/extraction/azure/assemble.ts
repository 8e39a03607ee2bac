import { Assembler } from 'stream-json/assembler.js'
import type { Token } from 'stream-json/core/parser.js'
import { storable } from './tokens.ts'

/** Puts one value after another together out of their tokens, as JSON.parse would: `done` when the last token completed one. */
export function createAssembler() {
  const assembler = new Assembler()
  let text = ''
  return {
    /** @returns whether `value` is complete with this token */
    add(token: Token): boolean {
      if (token.name === 'startString') text = ''
      else if (token.name === 'stringChunk') text += token.value
      else {
        assembler.consume(ready(token))
        return assembler.done
      }
      return false
    },
    value: (): unknown => assembler.current,
  }

  function ready(token: Token): Token {
    if (token.name === 'endString') return { name: 'stringValue', value: storable(text) }
    return token.name === 'keyValue' ? { name: 'keyValue', value: storable(token.value) } : token
  }
}
