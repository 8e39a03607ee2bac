/** Times so near to each other are one: a thousand jobs that wait are twenty looks a second. */
const GRAIN_MS = 50
/** What is due later is left to the looks of every second: it may be taken up by anybody, and nothing has to be kept for an hour. */
const FARTHEST_MS = 60_000

/** Calls `look` when one of the times has come. Clocks of hosts differ; a look too early finds nothing, and the next one is a second away. */
export function createWakeUps(look: () => void) {
  const timers = new Map<number, NodeJS.Timeout>()
  return {
    add(time: Date): void {
      const slot = Math.ceil(time.getTime() / GRAIN_MS)
      const inMs = slot * GRAIN_MS - Date.now()
      if (timers.has(slot) || inMs > FARTHEST_MS) return
      const wake = () => {
        timers.delete(slot)
        look()
      }
      timers.set(slot, setTimeout(wake, Math.max(0, inMs)))
    },
    stop(): void {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
