/**
 * Writes one after another what comes faster than it is written: what comes meanwhile is written together, at most `most` at a time. So
 * nothing waits while nothing is being written, and a transaction holds the more the more there is to do.
 * @returns writes one; resolves when it is written, rejects with what `write` threw for those that it was written with
 */
export const batched = <T>(write: (items: T[]) => Promise<void>, most: number): ((item: T) => Promise<void>) => {
  const waiting: { item: T; written: PromiseWithResolvers<void> }[] = []
  let isWriting = false
  const writeAll = async () => {
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most)
      const outcome = await write(batch.map(({ item }) => item)).then(
        () => null,
        (reason: unknown) => ({ reason }),
      )
      for (const { written } of batch) outcome ? written.reject(outcome.reason) : written.resolve()
    }
    isWriting = false
  }
  return (item) => {
    const written = Promise.withResolvers<void>()
    waiting.push({ item, written })
    if (!isWriting) void writeAll()
    return written.promise
  }
}
