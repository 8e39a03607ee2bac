import { LocalModel } from '@adp/contract/extraction-options.ts'
import { hasPage, rangesOf, widen } from '@adp/contract/page-ranges.ts'
import type { AzureExtractor } from './azure/azure-extractor.ts'
import { isReadable } from './azure/readable-types.ts'
import type { ExtractionInput, Extractor } from './extractor.ts'
import type { LocalExtractor } from './local/local-extractor.ts'
import { countWanted, isWanted } from './wanted-pages.ts'

/** The pages are named in the address of the request, which servers take up to 8 KB of, and every 3 pages with pictures are some 10 characters. */
const LONGEST_PAGES = 4_000

/**
 * The extractor that pays only for what has to be paid for: pages that carry their own text are read here, and stored, before the others are
 * sent to Azure, as a page range. When all have text, nothing is sent.
 */
export function createAutoExtractor(
  local: Pick<LocalExtractor, 'begin' | 'measure'>,
  azure: AzureExtractor,
): Extractor {
  return {
    provider: 'auto',
    async begin(input, events, signal) {
      const frames = await local.measure(input, signal)
      await events.onOpened(countWanted(input, frames.length))
      const wanted = frames.filter(({ pageNumber }) => isWanted(input, pageNumber))
      const { here, there } = share(wanted, isReadable(input.contentType))
      // What is left for OCR here is little: it is not shared.
      const { shares: _, onEnding = () => {}, ...own } = events
      const announced = { ...own, onOpened: async () => {}, ...(there.length === 0 && { onEnding }) }
      if (here.length > 0) await local.begin(withLocalModel(only(input, here)), announced, signal)
      return there.length > 0 ? azure.analyze(only(input, there), frames, announced, signal) : { kind: 'done' }
    },
    resume: azure.resume,
  }
}

/** Of a page that is read here there is what the local engine has of the model that was asked for: its words, at least. */
const withLocalModel = ({ options = {}, ...input }: ExtractionInput): ExtractionInput => {
  const { model, ...others } = options
  return { ...input, options: LocalModel.safeParse(model).success ? options : others }
}

const only = (input: ExtractionInput, pages: number[]): ExtractionInput => ({ ...input, pages: rangesOf(pages) })

/**
 * Who reads which pages. With so many gaps between those for Azure that they cannot be named, the smallest of these go along.
 * @param readable whether Azure reads the type of the file at all; without that, OCR here is better than none
 */
function share(
  frames: readonly { pageNumber: number; hasText: boolean }[],
  readable: boolean,
): { here: number[]; there: number[] } {
  const pictures = frames.filter(({ hasText }) => readable && !hasText).map(({ pageNumber }) => pageNumber)
  const sent = widen(rangesOf(pictures), LONGEST_PAGES)
  const numbers = frames.map(({ pageNumber }) => pageNumber)
  const isSent = (page: number) => hasPage(sent, page)
  return { here: numbers.filter((page) => !isSent(page)), there: numbers.filter(isSent) }
}
