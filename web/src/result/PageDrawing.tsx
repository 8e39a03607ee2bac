import type { Page, Word } from '@adp/contract/analyze-result.ts'
import { memo } from 'react'
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

/** The page with each word where it stands. The text beside it says the same, so it is one picture to a screen reader. */
export const PageDrawing = memo(function PageDrawing({ page }: { page: Page }) {
  const { t } = useTranslation()
  const format = useFormat()
  const scale = WIDTH / page.width
  const count = page.words.length
  const label = t('result.drawing', { count, n: format.number(count), page: format.number(page.pageNumber) })
  return (
    <svg className="page-drawing" viewBox={`0 0 ${WIDTH} ${page.height * scale}`} role="img" aria-label={label}>
      {page.words.map((word) => (
        <DrawnWord key={`${word.span.offset}/${word.polygon.join()}`} word={word} scale={scale} />
      ))}
    </svg>
  )
})

function DrawnWord({ word, scale }: { word: Word; scale: number }) {
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
