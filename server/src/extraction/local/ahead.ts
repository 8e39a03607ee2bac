/**
 * The same elements, each asked for while the one before is worked on: what is made elsewhere, by native code, is ready by then. Nothing more
 * than one is ahead. An error is thrown in its turn.
 */
export async function* ahead<T>(elements: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = elements[Symbol.asyncIterator]()
  const ask = () => {
    const next = iterator.next()
    next.catch(() => {})
    return next
  }
  try {
    for (let next = ask(); ; ) {
      const { done, value } = await next
      if (done) return
      next = ask()
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}
