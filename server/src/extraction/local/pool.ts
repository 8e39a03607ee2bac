import type { Child } from './child-process.ts'

export type Pool = {
  /** A child for one document. Waits for one while all are in use; rejects with the signal's reason when that aborts. */
  acquire(signal: AbortSignal): Promise<Child>
  /** Gives it back. It is kept for the next document when it is alive and not worn out, otherwise killed. */
  release(child: Child): void
  /** Kills all children, waits until they are gone, and rejects whoever waits. */
  close(): Promise<void>
}

export type PoolOptions = {
  maxChildren: number
  recycleAfterPages: number
  /** Whether one more than those in use is started, so that the next document need not wait for it. */
  startsAhead?: boolean
  spawn(): Child
}

const CLOSED = 'The extractor is closed'

type Waiting = { resolve(): void; reject(reason: unknown): void }

/** At most `maxChildren` processes at a time, started when they are needed, or one ahead, and kept for reuse. */
export const createPool = ({ maxChildren, recycleAfterPages, startsAhead = false, spawn }: PoolOptions): Pool => {
  const children = new Set<Child>()
  const idle: Child[] = []
  const waiting = new Set<Waiting>()
  let inUse = 0
  let closed = false

  /** A slot that somebody waits for goes over to them and is never free in between. */
  const freeSlot = () => {
    const next = waiting.values().next().value
    if (!next) inUse -= 1
    else if (waiting.delete(next)) next.resolve()
  }

  const takeSlot = async (signal: AbortSignal) => {
    signal.throwIfAborted()
    if (closed) throw new Error(CLOSED)
    if (inUse < maxChildren) {
      inUse += 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const entry = { resolve, reject }
    const abort = () => {
      if (waiting.delete(entry)) reject(signal.reason)
    }
    waiting.add(entry)
    signal.addEventListener('abort', abort, { once: true })
    await promise.finally(() => signal.removeEventListener('abort', abort))
  }

  const start = () => {
    const child = spawn()
    children.add(child)
    void child.exited.then(() => {
      children.delete(child)
      const at = idle.indexOf(child)
      if (at >= 0) idle.splice(at, 1)
    })
    return child
  }

  const startAhead = () => {
    if (!startsAhead || closed || idle.length > 0 || inUse >= maxChildren) return
    try {
      idle.push(start())
    } catch {
      // Whoever needs it tries again, and is told why it cannot be.
    }
  }
  startAhead()

  return {
    async acquire(signal) {
      await takeSlot(signal)
      try {
        if (closed) throw new Error(CLOSED)
        const ready = idle.pop()
        const child = ready?.alive() ? ready : start()
        startAhead()
        return child
      } catch (error) {
        freeSlot()
        throw error
      }
    },
    release(child) {
      if (child.alive() && child.pages < recycleAfterPages && !closed) {
        idle.push(child)
        freeSlot()
        return
      }
      child.kill()
      // The slot stays taken until the memory is given back.
      void child.exited.then(() => {
        freeSlot()
        startAhead()
      })
    },
    async close() {
      closed = true
      for (const entry of waiting) entry.reject(new Error(CLOSED))
      waiting.clear()
      const all = [...children]
      for (const child of all) child.kill()
      await Promise.all(all.map((child) => child.exited))
    },
  }
}
