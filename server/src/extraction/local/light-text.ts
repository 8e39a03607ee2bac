import type { GreyImage } from './grey-image.ts'

/** A picture is looked at in squares of so many pixels: less than a line of text at 200 dpi, more than a stroke of it. */
const SQUARE = 16

/** A panel's colour has less than this share of the light of white paper; what is lighter has dark text. */
const DARK = 0.75

/** The smallest panel, in squares: a word of small print on it. Of a row of a table, as high as its text, one square may be dark. */
const LEAST_WIDTH = 3

/** A panel fills so much of the rectangle around it, or it is no panel: a photograph, a logo, a frame. */
const RECTANGULAR = 0.75

/** Tones, of 255, that are as far apart as a letter and what it is printed on. */
const CONTRAST = 40

/** So much of a panel is its one colour: text covers up to a third, and a photograph has no one colour. */
const PLAIN = 0.55

/** Letters cover at least so much of a panel, and what is lighter so much more of it than what is darker. */
const LEAST_TEXT = 0.004
const LIGHTER = 2

/** Of a row of large letters so much of the panel is seen at least; of one beside it, or of a white rule across it, nothing. */
const HIDDEN = 0.1

/** Only rules that run down interrupt the first and the last row of a panel. */
const WHOLE = 0.85

/** Squares that lie side by side are of one panel when their tones are as close as this. */
const SAME = 40

/** What a panel is framed with, in pixels, says nothing of its text. */
const FRAME = 5

type Squares = { across: number; down: number; tones: Uint8Array }

const toneOf = ({ data, width, height }: GreyImage, left: number, top: number): number => {
  const counts = new Uint16Array(256)
  const [right, bottom] = [Math.min(width, left + SQUARE), Math.min(height, top + SQUARE)]
  for (let y = top; y < bottom; y += 1)
    for (let at = y * width + left; at < y * width + right; at += 1) {
      const tone = data[at] as number
      counts[tone] = (counts[tone] as number) + 1
    }
  const half = ((right - left) * (bottom - top)) / 2
  let seen = 0
  for (let tone = 0; tone < 255; tone += 1) {
    seen += counts[tone] as number
    if (seen > half) return tone
  }
  return 255
}

/** The tone that lies in the middle of each square's: that of what its letters are printed on. */
const squaresOf = (image: GreyImage): Squares => {
  const [across, down] = [Math.ceil(image.width / SQUARE), Math.ceil(image.height / SQUARE)]
  const tones = new Uint8Array(across * down)
  for (let row = 0; row < down; row += 1)
    for (let column = 0; column < across; column += 1)
      tones[row * across + column] = toneOf(image, column * SQUARE, row * SQUARE)
  return { across, down, tones }
}

/** Squares, the right and lower ones not included, and how many of them are dark and hang together. */
type Region = { left: number; top: number; right: number; bottom: number; count: number; tone: number }

const regionAt = (start: number, { across, down, tones }: Squares, isOpen: Uint8Array): Region => {
  const region = { left: across, top: down, right: 0, bottom: 0, count: 0, tone: 0 }
  const seen: number[] = []
  const waiting = [start]
  isOpen[start] = 0
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [column, row] = [at % across, Math.floor(at / across)]
    region.left = Math.min(region.left, column)
    region.right = Math.max(region.right, column + 1)
    region.top = Math.min(region.top, row)
    region.bottom = Math.max(region.bottom, row + 1)
    seen.push(tones[at] as number)
    const next = [column > 0 ? at - 1 : -1, column < across - 1 ? at + 1 : -1, at - across, at + across]
    for (const one of next)
      if (isOpen[one] === 1 && Math.abs((tones[one] as number) - (tones[at] as number)) < SAME) {
        isOpen[one] = 0
        waiting.push(one)
      }
  }
  seen.sort((a, b) => a - b)
  return { ...region, count: seen.length, tone: seen[seen.length >> 1] as number }
}

const isPanel = ({ left, top, right, bottom, count }: Region): boolean =>
  right - left >= LEAST_WIDTH && count >= RECTANGULAR * (right - left) * (bottom - top)

const regionsOf = (squares: Squares): Region[] => {
  const isOpen = squares.tones.map((tone) => (tone < 255 * DARK ? 1 : 0))
  const found: Region[] = []
  for (let at = 0; at < isOpen.length; at += 1) if (isOpen[at] === 1) found.push(regionAt(at, squares, isOpen))
  return found.filter(isPanel)
}

/** In pixels, the right and lower ones not included. */
type Panel = { left: number; top: number; right: number; bottom: number; tone: number }

/** Which share of the pixels from `from` up to `to`, `step` apart, has the panel's colour. */
const shareOfPanel = ({ data }: GreyImage, tone: number, from: number, to: number, step: number): number => {
  let plain = 0
  for (let at = from; at < to; at += step) if (Math.abs((data[at] as number) - tone) < CONTRAST) plain += 1
  return (plain * step) / (to - from)
}

/** Rows or columns: which share of one has the panel's colour, how many there are, and with which share letters hide it and paper does not. */
type Lanes = { shareOf(lane: number): number; count: number; hidden: number }

/** From within, outwards as long as the next lane of the panel is within a square, and what lies between may be letters on it. */
const endOf = (from: number, step: 1 | -1, { shareOf, count, hidden }: Lanes): number => {
  let end = from
  for (let lane = from; lane >= 0 && lane < count && (lane - end) * step <= SQUARE; lane += step) {
    const share = shareOf(lane)
    if (share > 0.5) end = lane
    else if (share < hidden) break
  }
  return end
}

/** The whole panel that a region is of: of a narrow one, a row of a table say, its squares may be dark in parts only. */
const panelOf = (image: GreyImage, { tone, ...region }: Region): Panel => {
  const { width, height } = image
  const [from, to] = [region.left * SQUARE, Math.min(width, region.right * SQUARE)]
  const rows: Lanes = {
    shareOf: (y) => shareOfPanel(image, tone, y * width + from, y * width + to, 1),
    count: height,
    hidden: HIDDEN,
  }
  const middle = Math.min(height - 1, Math.round(((region.top + region.bottom) / 2) * SQUARE))
  const [top, bottom] = [endOf(middle, -1, rows), endOf(middle, 1, rows) + 1]
  const columns: Lanes = {
    shareOf: (x) => shareOfPanel(image, tone, top * width + x, bottom * width + x, width),
    count: width,
    // A stem may be as high as the panel.
    hidden: 0,
  }
  const centre = Math.min(width - 1, Math.round((from + to) / 2))
  const [left, right] = [endOf(centre, -1, columns), endOf(centre, 1, columns) + 1]
  return { left, top, right, bottom, tone }
}

/** The panels of a picture, the largest first, each once. */
const panelsOf = (image: GreyImage): Panel[] => {
  const panels: Panel[] = []
  for (const region of regionsOf(squaresOf(image)).toSorted((a, b) => b.count - a.count)) {
    const panel = panelOf(image, region)
    const isApart = ({ left, top, right, bottom }: Panel) =>
      panel.left >= right || left >= panel.right || panel.top >= bottom || top >= panel.bottom
    if (panels.every(isApart)) panels.push(panel)
  }
  return panels
}

/** Above and below its letters a panel is seen from end to end; a line of large bold letters, which is dark too, has nothing there. */
const isWhole = (image: GreyImage, { left, top, right, bottom, tone }: Panel): boolean =>
  bottom - top >= SQUARE &&
  right - left >= LEAST_WIDTH * SQUARE &&
  [top + 1, bottom - 2].every(
    (y) => shareOfPanel(image, tone, y * image.width + left, y * image.width + right, 1) > WHOLE,
  )

const hasLightText = ({ data, width }: GreyImage, { left, top, right, bottom, tone }: Panel): boolean => {
  let [plain, lighter, darker] = [0, 0, 0]
  for (let y = top + FRAME; y < bottom - FRAME; y += 1)
    for (let at = y * width + left + FRAME; at < y * width + right - FRAME; at += 1) {
      const above = (data[at] as number) - tone
      if (above > CONTRAST) lighter += 1
      else if (above < -CONTRAST) darker += 1
      else plain += 1
    }
  const all = plain + lighter + darker
  return plain >= PLAIN * all && lighter >= LEAST_TEXT * all && lighter >= LIGHTER * darker
}

/**
 * The picture with the text of its dark panels, which is light, as dark on white: headings of tables, boxes, banners. Tesseract turns single
 * words round, but takes a panel for a picture and leaves it out (half of the words of a booking confirmation). null: it has no such panel.
 */
export const darkenLightText = (image: GreyImage): GreyImage | null => {
  const panels = panelsOf(image).filter((panel) => isWhole(image, panel) && hasLightText(image, panel))
  if (panels.length === 0) return null
  const { width } = image
  const data = Buffer.from(image.data)
  for (const { left, top, right, bottom, tone } of panels) {
    // The panel's colour becomes white, and white black.
    const turned = Uint8Array.from({ length: 256 }, (_, light) => Math.min(255, (255 * (255 - light)) / (255 - tone)))
    for (let y = top; y < bottom; y += 1)
      for (let at = y * width + left; at < y * width + right; at += 1) data[at] = turned[data[at] as number] as number
  }
  return { ...image, data }
}
