import { expect, test } from 'vitest'
import { ApiError, asApiError, errorFromAnswer, isRetryable } from './api-error.ts'

const problem = {
  type: 'about:blank',
  title: 'The file is empty.',
  status: 422,
  detail: 'empty.pdf has 0 bytes',
  code: 'file_empty',
  action: 'Send a file with content.',
  instance: 'urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301',
}

test('a problem document gives its code and its detail', () => {
  const error = errorFromAnswer(422, JSON.stringify(problem))
  expect(error).toMatchObject({ code: 'file_empty', detail: 'empty.pdf has 0 bytes' })
})

test('a detail that only says the sentence of the code again is no detail', () => {
  expect(errorFromAnswer(422, JSON.stringify({ ...problem, detail: problem.title })).detail).toBe('')
})

test('a fault of the server names the request, to look for it in the log', () => {
  const fault = { ...problem, code: 'internal_error', title: 'Wrong', detail: 'Wrong' }
  expect(errorFromAnswer(500, JSON.stringify(fault)).detail).toBe(`instance: ${problem.instance}`)
})

test('what was refused for good is not worth another try; what went wrong on the way is', () => {
  expect((['unsupported_type', 'file_empty', 'file_too_large'] as const).filter(isRetryable)).toEqual([])
  const passing = ['unreachable', 'cancelled', 'unexpected_answer', 'unavailable', 'upload_interrupted'] as const
  expect(passing.filter(isRetryable)).toEqual(passing)
})

test('a gateway without its server is an unreachable server', () => {
  for (const status of [502, 503, 504])
    expect(errorFromAnswer(status, '<h1>Bad Gateway</h1>')).toMatchObject({
      code: 'unreachable',
      detail: `HTTP ${status}`,
    })
})

test('any other answer that is no problem document, or has a code nobody knows, is unexpected', () => {
  expect(errorFromAnswer(500, 'oops').code).toBe('unexpected_answer')
  expect(errorFromAnswer(422, JSON.stringify({ ...problem, code: 'brand_new' })).code).toBe('unexpected_answer')
})

test('whatever was thrown becomes an ApiError, and an ApiError stays itself', () => {
  const own = new ApiError('not_found', 'x')
  expect(asApiError(own)).toBe(own)
  expect(asApiError(new TypeError('y'))).toMatchObject({ code: 'unexpected_answer', detail: 'y' })
})
