import type { Logger } from 'pino'
import { ExtractionError, type ExtractionEvents, type ExtractionInput } from '../extractor.ts'
import { toMarkdownPage } from '../markdown/markdown-page.ts'
import { countWanted, nextWanted } from '../wanted-pages.ts'
import { attachmentPath } from './attachment-path.ts'
import type { Child, Exit } from './child-process.ts'
import { DEFAULT_MODEL, isMarkdownWanted, localModelOf } from './model.ts'
import { unpacked } from './packed-text.ts'
import {
  ChildMessage,
  type Drawing,
  type ExtractRequest,
  PAGES_AHEAD,
  type PageFrame,
  type SearchableRequest,
} from './protocol.ts'
import { type Clock, type RunLimits, startWatchdog, type Watchdog, type WatchdogOptions } from './watchdog.ts'

export type RunOptions = {
  child: Child
  input: ExtractionInput
  events: ExtractionEvents
  wanted?: ExtractRequest['wanted']
  /** The first pages are parsed one at a time. */
  careful?: boolean
  /** A page is drawn, and nothing is read. */
  drawing?: Drawing
  /** A searchable PDF is made, and nothing is read. */
  searchable?: SearchableRequest
  onFrames?: (frames: PageFrame[]) => void
  onLeft?: (pages: number[]) => Promise<void>
  /** What is still to be read takes milliseconds. */
  onEnding?: () => void
  /** The child is done with the document, and may have another one, while what it has read is still being taken. */
  onChildFree?: () => void
  signal: AbortSignal
  limits: RunLimits
  log: Logger
  usage: WatchdogOptions['usage']
}

/** Which page the child has in work, as far as the parent was told. */
type Position = { page: number; pagesTotal: number | null }

/** The page that may be the reason of what happened to the child; null when it may be the document. */
const suspectOf = ({ page, pagesTotal }: Position): number | null =>
  pagesTotal !== null && pagesTotal > 1 && page <= pagesTotal ? page : null

const describe = ({ page, pagesTotal }: Position): string =>
  pagesTotal === null ? 'while opening the document' : `on page ${page} of ${pagesTotal}`

/** What a child that ended by itself died of. A full JavaScript heap is a matter of memory: another attempt would end the same way. */
const crashOf = ({ code, signal, stderr }: Exit, position: Position): ExtractionError => {
  const where = describe(position)
  const how = signal ? `was killed by ${signal}` : code === null ? 'could not be started' : `exited with code ${code}`
  const detail = `The process ${how} ${where}${stderr ? `. Its last words: ${stderr}` : ''}`
  const outOfMemory = /heap out of memory/i.test(stderr)
  return new ExtractionError(outOfMemory ? 'memory_exceeded' : 'parser_crashed', detail, { page: suspectOf(position) })
}

type Conversation = RunOptions & {
  position: Position
  /** Resolves when it was taken how many pages there are: the pages come after that. */
  opened: Promise<void>
  /** Events that are being taken, and not answered yet. */
  taking: Set<Promise<void>>
  /** What the child is at, whose time runs while nothing is being taken. */
  clock: Clock
  watchdog: Watchdog
  /** The child has said its last word, and hears none any more. */
  isOver: boolean
  /** The document is read, or the child says why it cannot be. The child is well. */
  end(error?: ExtractionError): void
  /** The child is of no more use. */
  abandon(error: unknown): void
}

/** Passes an event on, and answers once it was taken. The child may wait for it. */
const handOver = (conversation: Conversation, event: () => Promise<void>) => {
  const { child, taking, watchdog, abandon } = conversation
  watchdog.pause()
  const taken = event().then(() => {
    taking.delete(taken)
    if (conversation.isOver) return
    if (taking.size === 0) watchdog.restart(conversation.clock)
    child.send({ type: 'ack' })
  }, abandon)
  taking.add(taken)
}

/** The child got on with its work. */
const goOn = (conversation: Conversation, clock: Clock) => {
  conversation.clock = clock
  if (conversation.taking.size === 0) conversation.watchdog.restart(clock)
}

/** Whether the child may say this now: no more than PAGES_AHEAD things before they are answered, and then only its last word. */
const isInTurn = ({ type }: ChildMessage, { taking }: Conversation): boolean =>
  type === 'done' || type === 'failed' || taking.size < PAGES_AHEAD

const hear = (message: ChildMessage, conversation: Conversation) => {
  const { child, events, input, log, position, end } = conversation
  if (message.type === 'opened') {
    position.pagesTotal = message.pagesTotal
    position.page = nextWanted(0, input)
    const opened = async () => events.onOpened(countWanted(input, message.pagesTotal))
    conversation.opened = opened()
    handOver(conversation, () => conversation.opened)
  } else if (message.type === 'page' || message.type === 'unreadable') {
    const failure = message.type === 'page' ? null : message.failure
    child.pages += 1
    position.page = nextWanted(message.page.page.pageNumber, input)
    conversation.clock = 'parse'
    const page = { ...message.page, packedText: message.type === 'page' ? message.packedText : null }
    const wanted = () => (isMarkdownWanted(input) ? toMarkdownPage(unpacked(page)) : page)
    handOver(conversation, () => conversation.opened.then(() => events.onPage({ ...wanted(), failure })))
  } else if (message.type === 'left') {
    position.page = nextWanted(message.pages.at(-1) ?? position.page, input)
    handOver(conversation, () => conversation.opened.then(() => conversation.onLeft?.(message.pages)))
  } else if (message.type === 'attachment') {
    const path = attachmentPath(child.folder, message.position)
    handOver(conversation, async () => events.onAttachment?.({ position: message.position, name: message.name, path }))
  } else if (message.type === 'frames') {
    goOn(conversation, 'parse')
    position.page = nextWanted(message.frames.at(-1)?.pageNumber ?? position.page - 1, input)
    conversation.onFrames?.(message.frames)
  } else if (message.type === 'progress') goOn(conversation, message.clock)
  else if (message.type === 'ending') conversation.onEnding?.()
  else if (message.type === 'warning')
    log.warn({ page: message.page, detail: message.detail }, 'A page could be read in part only')
  else if (message.type === 'done') end()
  else end(new ExtractionError(message.code, message.detail))
}

/**
 * Has one child read one document, and watches it: its life, its memory, its progress, the total time, the signal.
 * Resolves when every page was taken; `onChildFree` was called before, as soon as the child was done. Rejects with an ExtractionError, with what an event threw, or with the signal's
 * reason; then the child is dead or killed, unless it said itself why the document cannot be read. The error of a child that died or was
 * killed names the page that it had in work, and comes when what was handed over before has been taken.
 * The time that the events take counts only for the total time.
 */
export const runDocument = async (options: RunOptions): Promise<void> => {
  const { child, input, limits, signal } = options
  const outcome = Promise.withResolvers<void>()
  const position: Position = { page: 0, pagesTotal: null }
  // A child that is done may be at another document, which has nothing to do with what happens to this one.
  const abandon = (error: unknown) => {
    if (!conversation.isOver) child.kill()
    outcome.reject(error)
  }
  const leave = () => {
    conversation.isOver = true
    watchdog.letGo()
    child.onMessage(() => {})
  }
  const end = (error?: ExtractionError) => {
    leave()
    options.onChildFree?.()
    if (error) outcome.reject(error)
    else void Promise.all(taking).then(() => outcome.resolve())
  }
  const where = () => ({ where: describe(position), page: suspectOf(position) })
  const watchdog = startWatchdog({ ...options, pid: child.pid, where, onTrip: abandon })
  const taking = new Set<Promise<void>>()
  const conversation: Conversation = {
    ...{ ...options, position, taking, clock: 'parse', watchdog, abandon, end },
    ...{ opened: Promise.resolve(), isOver: false },
  }
  const abort = () => abandon(signal.reason)
  const nonsense = () =>
    abandon(
      new ExtractionError('parser_crashed', `The process said something that makes no sense ${describe(position)}`, {
        page: suspectOf(position),
      }),
    )

  // The child may die long after this document, when nobody listens any more.
  outcome.promise.catch(() => {})
  signal.addEventListener('abort', abort, { once: true })
  void child.exited.then((exit) => conversation.isOver || outcome.reject(crashOf(exit, position)))
  child.onMessage((message) => {
    const heard = ChildMessage.safeParse(message)
    if (heard.success && isInTurn(heard.data, conversation)) hear(heard.data, conversation)
    else nonsense()
  })
  try {
    signal.throwIfAborted()
    watchdog.restart()
    const { maxPages, pageTimeoutMs } = limits
    const pagesDone = [...input.pagesDone]
    const { path, contentType } = input
    const pages = input.pages?.map((range) => ({ ...range })) ?? null
    const { wanted = 'pages', drawing = null, searchable = null, careful = false } = options
    // What is measured or drawn only is read by somebody else, or was read before, with a model of their own.
    const model = wanted === 'frames' ? DEFAULT_MODEL : localModelOf(input)
    const told = { maxPages, pageTimeoutMs }
    const attachments = options.events.onAttachment ? child.folder : null
    const what = { wanted, drawing, searchable, path, contentType, model, pagesDone, careful, pages, attachments }
    child.send({ type: 'extract', ...what, limits: told })
    await outcome.promise
  } finally {
    if (!conversation.isOver) leave()
    watchdog.stop()
    if (!signal.aborted) await Promise.all(taking)
    signal.removeEventListener('abort', abort)
  }
}
