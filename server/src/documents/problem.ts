import { ERRORS, type ErrorCode } from '@adp/contract/errors.ts'

/** A request that cannot be done, by its code; routes turn it into a problem document. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly code: ErrorCode
  readonly status: number

  /** @param detail what happened this time; the code's own sentence by default */
  constructor(code: ErrorCode, detail: string = ERRORS[code].message, options?: ErrorOptions) {
    super(detail, options)
    this.code = code
    const meaning = ERRORS[code]
    this.status = 'status' in meaning ? meaning.status : 500
  }
}
