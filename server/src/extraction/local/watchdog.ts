import { ExtractionError } from '../extractor.ts'
import type { ProcessUsage } from './process-usage.ts'

/** How often a child is looked at, in ms. One that fills its memory writes some 50 MB in between; elsewhere than on Linux a look takes a process. */
const INTERVAL_MS = process.platform === 'linux' ? 20 : 250

/** A child is killed before it has all that it may have, so that it cannot have more by the next look: 64 MB of 1,024. */
const RESERVE = 1 / 16

export type RunLimits = {
  memoryBytes: number
  /** How long a page may take, OCR included. */
  pageTimeoutMs: number
  /** How long opening a document, or a page before its OCR, may keep a core busy. */
  parseTimeoutMs: number
  totalTimeoutMs: number
  maxPages: number
}

export type WatchdogOptions = {
  pid: number
  limits: RunLimits
  usage(pid: number): Promise<ProcessUsage>
  /** Where in the document the child is, for the message, and the page that is the reason if it is one. */
  where(): { where: string; page: number | null }
  onTrip(error: ExtractionError): void
}

/** `parse`: time counts while it is used, so that a busy machine takes none of it away. `ocr`: only the whole time of a page counts. */
export type Clock = 'parse' | 'ocr'

export type Watchdog = {
  /** The child got on with its work, or is asked to: its time starts anew. */
  restart(clock?: Clock): void
  /** The child waits for us: its time does not run. */
  pause(): void
  /** The child is done with the document, and may be at another one: what is left has the total time. */
  letGo(): void
  stop(): void
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`

type Run = { clock: Clock; since: number; cpuMs: number | null }

/** Watches a child from outside: its progress, the total time, its memory. Trips with page_timeout, document_timeout or memory_exceeded. */
export const startWatchdog = ({ pid, limits, usage, where, onTrip }: WatchdogOptions): Watchdog => {
  const { memoryBytes, pageTimeoutMs, parseTimeoutMs, totalTimeoutMs } = limits
  let stopped = false
  let run: Run | null = null
  const trip = (code: ExtractionError['code'], what: string) => {
    if (stopped) return
    const { where: place, page } = where()
    onTrip(new ExtractionError(code, `${what}, ${place}`, { page: code === 'document_timeout' ? null : page }))
  }
  const totalTimer = setTimeout(() => trip('document_timeout', `Not done after ${totalTimeoutMs} ms`), totalTimeoutMs)
  const look = async () => {
    const { residentBytes, cpuMs } = await usage(pid)
    if (residentBytes > memoryBytes * (1 - RESERVE))
      trip('memory_exceeded', `${inMegabytes(residentBytes)} used, ${inMegabytes(memoryBytes)} allowed`)
    if (!run) return
    run.cpuMs ??= cpuMs
    if (performance.now() - run.since > pageTimeoutMs) trip('page_timeout', `No progress for ${pageTimeoutMs} ms`)
    else if (run.clock === 'parse' && cpuMs - run.cpuMs > parseTimeoutMs)
      trip('page_timeout', `No progress in ${Math.round(parseTimeoutMs)} ms of work`)
  }
  const timer = setInterval(look, INTERVAL_MS)
  return {
    restart(clock = 'parse') {
      run = { clock, since: performance.now(), cpuMs: null }
    },
    pause() {
      run = null
    },
    letGo() {
      run = null
      clearInterval(timer)
    },
    stop() {
      stopped = true
      clearTimeout(totalTimer)
      clearInterval(timer)
    },
  }
}
