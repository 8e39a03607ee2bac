import { ExtractionError } from '../extractor.ts'

/** How often a child's memory is looked at, in ms. It can grow by a few hundred megabytes in between. */
const MEMORY_INTERVAL_MS = 250

export type RunLimits = { memoryBytes: number; pageTimeoutMs: number; totalTimeoutMs: number; maxPages: number }

export type WatchdogOptions = {
  pid: number
  limits: RunLimits
  /** Resident memory of a process in bytes. */
  residentMemory(pid: number): Promise<number>
  /** Where in the document the child is, for the message. */
  where(): string
  onTrip(error: ExtractionError): void
}

export type Watchdog = {
  /** The child got on with its work, or is asked to: the page timeout starts anew. */
  restart(): void
  /** The child waits for us: its page timeout does not run. */
  pause(): void
  stop(): void
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`

/** Watches a child from outside: its progress, the total time, its memory. Trips with page_timeout, document_timeout or memory_exceeded. */
export const startWatchdog = ({ pid, limits, residentMemory, where, onTrip }: WatchdogOptions): Watchdog => {
  const { memoryBytes, pageTimeoutMs, totalTimeoutMs } = limits
  let stopped = false
  const trip = (code: ExtractionError['code'], detail: string) => {
    if (!stopped) onTrip(new ExtractionError(code, detail))
  }
  let pageTimer: NodeJS.Timeout | undefined
  const totalTimer = setTimeout(
    () => trip('document_timeout', `Not done after ${totalTimeoutMs} ms, ${where()}`),
    totalTimeoutMs,
  )
  const memoryTimer = setInterval(async () => {
    const used = await residentMemory(pid)
    if (used > memoryBytes)
      trip('memory_exceeded', `${inMegabytes(used)} used, ${inMegabytes(memoryBytes)} allowed, ${where()}`)
  }, MEMORY_INTERVAL_MS)
  return {
    restart() {
      clearTimeout(pageTimer)
      if (stopped) return
      pageTimer = setTimeout(
        () => trip('page_timeout', `No progress for ${pageTimeoutMs} ms, ${where()}`),
        pageTimeoutMs,
      )
    },
    pause: () => clearTimeout(pageTimer),
    stop() {
      stopped = true
      clearTimeout(pageTimer)
      clearTimeout(totalTimer)
      clearInterval(memoryTimer)
    },
  }
}
