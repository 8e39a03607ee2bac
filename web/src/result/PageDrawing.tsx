import type { Page, SelectionMark, Word } from '@adp/contract/analyze-result.ts'
import type { Polygon } from '@adp/contract/geometry.ts'
import type { SearchMatch } from '@adp/contract/search.ts'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/use-format.ts'
import { wordBox } from './word-box.ts'

// The drawing is this wide whatever the page's unit: in inches letters would be a fraction of a unit high, and browsers
// round such font sizes.
const WIDTH = 1000

// Letters without the room that fonts keep above and below them, and where their baseline is: seen to fit on Latin text.
const FONT_SIZE = 0.86
const DESCENT = 0.2

/** Below this OCR is wrong often enough to look twice. */
export const UNSURE = 0.8

type DrawablePage = Page & { width: number; height: number }

/** Whether it is known where things stand on a page: of an Office file it is not, and a page that could not be read has no size. */
export const isDrawable = (page: Page): page is DrawablePage => (page.width ?? 0) > 0 && (page.height ?? 0) > 0

type Props = {
  page: DrawablePage
  /** The address of the page's picture; null: not known yet. */
  picture: string | null
  matches: readonly SearchMatch[]
}

/**
 * The page with each word where it stands, over its picture where there is one, and what was searched for marked. The text beside it says
 * the same, so it is one picture to a screen reader.
 */
export const PageDrawing = memo(function PageDrawing({ page, picture, matches }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  // Until a picture has come, and for a page that has none, the words themselves are shown.
  const [loaded, setLoaded] = useState<string | null>(null)
  const scale = WIDTH / page.width
  const height = page.height * scale
  const words = (page.words ?? []).filter(hasPlace)
  const marks = (page.selectionMarks ?? []).filter(hasPlace)
  const label = t('result.drawing', {
    count: words.length,
    n: format.number(words.length),
    page: format.number(page.pageNumber),
  })
  return (
    <svg
      className={picture !== null && loaded === picture ? 'page-drawing pictured' : 'page-drawing'}
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={label}
    >
      {picture !== null && (
        <image
          key={picture}
          href={picture}
          width={WIDTH}
          height={height}
          preserveAspectRatio="none"
          onLoad={() => setLoaded(picture)}
        />
      )}
      {matches.flatMap(({ span, polygons }) =>
        polygons.map((polygon) => (
          <polygon
            key={`${span.offset}/${polygon.join()}`}
            className="match"
            points={polygon.map((value) => value * scale).join(' ')}
          />
        )),
      )}
      {words.map((word) => (
        <DrawnWord key={`${word.span.offset}/${word.polygon.join()}`} word={word} scale={scale} />
      ))}
      {marks.map((mark) => (
        <DrawnMark key={`${mark.span.offset}/${mark.polygon.join()}`} mark={mark} scale={scale} />
      ))}
    </svg>
  )
})

type Placed<T> = T & { polygon: Polygon }

const hasPlace = <T extends { polygon?: Polygon }>(thing: T): thing is Placed<T> => thing.polygon !== undefined

/** A box to tick, ticked or not. */
function DrawnMark({ mark, scale }: { mark: Placed<SelectionMark>; scale: number }) {
  const { t } = useTranslation()
  const { x, y, width, height, degrees } = wordBox(mark.polygon, scale)
  const selected = mark.state === 'selected'
  return (
    <g transform={`translate(${x} ${y}) rotate(${degrees})`} className="mark">
      <title>{selected ? t('result.selected') : t('result.unselected')}</title>
      <rect y={-height} width={width} height={height} />
      {selected && <path d={`M0 0L${width} ${-height}M0 ${-height}L${width} 0`} />}
    </g>
  )
}

function DrawnWord({ word, scale }: { word: Placed<Word>; scale: number }) {
  const format = useFormat()
  const { x, y, width, height, degrees } = wordBox(word.polygon, scale)
  return (
    <g
      transform={`translate(${x} ${y}) rotate(${degrees})`}
      className={word.confidence < UNSURE ? 'unsure' : undefined}
    >
      <title>{word.confidence < 1 ? `${word.content} · ${format.percent(word.confidence)}` : word.content}</title>
      <rect y={-height} width={width} height={height} />
      <text y={-height * DESCENT} fontSize={height * FONT_SIZE} textLength={width} lengthAdjust="spacingAndGlyphs">
        {word.content}
      </text>
    </g>
  )
}
