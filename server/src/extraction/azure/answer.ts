import { Readable } from 'node:stream'
import { none } from 'stream-chain/defs.js'
import { stringer } from 'stream-json/core/stringer.js'
import { z } from 'zod'
import { ExtractionError } from '../extractor.ts'
import { createAssembler } from './assemble.ts'
import { readTokens, trackKeys } from './tokens.ts'

const InnerError = z.looseObject({
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
  get innererror() {
    return InnerError.exactOptional()
  },
})

/** What the service says went wrong; the innermost says most. */
export const ProviderError = z.looseObject({
  code: z.string(),
  message: z.string(),
  target: z.string().exactOptional(),
  get details() {
    return z.array(ProviderError).exactOptional()
  },
  innererror: InnerError.exactOptional(),
})
export type ProviderError = z.infer<typeof ProviderError>

/** The answer to a GET of an operation, but for its result. */
export const Answer = z.looseObject({
  status: z.string().describe('notStarted, running, failed, succeeded, canceled or skipped'),
  createdDateTime: z.string().exactOptional(),
  lastUpdatedDateTime: z.string().exactOptional(),
  error: ProviderError.exactOptional(),
})
export type Answer = z.infer<typeof Answer>

/**
 * Reads how an operation stands, of an answer in a file, past a result of any size. Of one that succeeded it may not see the end.
 * @throws ExtractionError provider_answer_broken when it is no whole JSON; result_invalid when it is no answer to an operation
 */
export async function readAnswer(file: string): Promise<Answer> {
  const keyOf = trackKeys()
  const assembler = createAssembler()
  const found: Record<string, unknown> = {}
  for await (const tokens of readTokens(file)) {
    for (const token of tokens) {
      const key = keyOf(token)
      if (key === 'analyzeResult') {
        // One that succeeded has no error, and what is read of it next is the result. The service says the status first.
        if (found.status === 'succeeded') return check(found)
      } else if (key !== null && assembler.add(token)) found[key] = assembler.value()
    }
  }
  return check(found)
}

function check(found: Record<string, unknown>): Answer {
  const { data, error } = Answer.safeParse(found)
  if (error) throw new ExtractionError('result_invalid', describeProblem(error, ''))
  return data
}

/**
 * The `analyzeResult` of an answer in a file as JSON of its own, token for token: numbers keep their digits, and nothing is left out.
 * The stream fails with ExtractionError provider_answer_broken when the file ends too early.
 */
export function analyzeResultJson(file: string): Readable {
  return Readable.from(resultText(file), { objectMode: false })
}

async function* resultText(file: string): AsyncGenerator<string> {
  const keyOf = trackKeys()
  const toText = stringer({ useKeyValues: true, useNumberValues: true })
  for await (const tokens of readTokens(file)) {
    let text = ''
    for (const token of tokens) {
      if (keyOf(token) !== 'analyzeResult') continue
      const piece = toText(token)
      if (piece !== none) text += piece
    }
    if (text !== '') yield text
  }
}

/** The first problem of a value that does not fit, with its path. @param at the path of the value itself */
export function describeProblem(error: z.ZodError, at: string): string {
  const [issue] = error.issues
  const steps = (issue?.path ?? []).map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
  return `${(at + steps.join('')).replace(/^\./, '') || 'the answer'}: ${issue?.message ?? 'invalid'}`
}
