import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import type { AnalyzeResultOutput } from '@azure-rest/ai-document-intelligence'
import { expectTypeOf, test } from 'vitest'

/** A type without what looseness adds (any further property), and with words that we close as open as the SDK has them. */
type Plain<T> = T extends string
  ? string
  : T extends (infer Element)[]
    ? Plain<Element>[]
    : T extends object
      ? { [K in keyof T as Any<K, T[K]> extends true ? never : K]: Plain<T[K]> }
      : T

/** Whether a key stands for any further property. A dictionary's key says what it holds. */
type Any<K, Value> = string extends K ? (unknown extends Value ? true : false) : false

// Compared by `tsc --build`: the assignments are what is tested.
test("a result of the SDK's type is one of ours, and the other way round", () => {
  expectTypeOf<Plain<AnalyzeResultOutput>>().toExtend<Plain<AnalyzeResult>>()
  expectTypeOf<AnalyzeResult>().toExtend<AnalyzeResultOutput>()
  expectTypeOf<keyof Plain<AnalyzeResult>>().toEqualTypeOf<keyof AnalyzeResultOutput>()
})
