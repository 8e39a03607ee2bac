import sharp from 'sharp'
import type { Context } from '../context.ts'
import { messageOf } from '../failure.ts'
import { prepareForOcr } from '../grey-image.ts'
import { MAX_PIXELS, requirePixels } from '../pixels.ts'
import { composeReading, readImage } from '../read-image.ts'
import { type Block, type PictureBlock, paragraph } from './blocks.ts'

/** A page that says more than this by itself is no scan that was pasted into a document; a slide's title may stand above one. */
const LEAST_TEXT = 100

/** Pixels of the shorter side: what is smaller is a logo. */
const SMALLEST_SIDE = 400

/** Mean confidence of its words: pages of text have 0.85 to 0.96, what is made out in a photograph is below this. */
const LEAST_CONFIDENCE = 0.65

/** Each takes a second or more. */
const MOST_PICTURES = 20

const charactersOf = (block: Block): number => {
  if (block.kind === 'table') return block.cells.reduce((sum, { text }) => sum + text.trim().length, 0)
  return block.kind === 'paragraph' && !block.role?.startsWith('page') ? block.text.trim().length : 0
}

const readPicture = async (picture: PictureBlock, context: Context): Promise<string> => {
  const bytes = await picture.bytes()
  const open = () => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
  const { width, height } = (await open().metadata()).autoOrient
  requirePixels({ width, height }, MAX_PIXELS)
  if (Math.min(width, height) < SMALLEST_SIDE) return ''
  const size = { width, height }
  const reading = await readImage(await prepareForOcr(open().autoOrient(), size), size, context)
  if (reading.confidence < LEAST_CONFIDENCE) return ''
  return composeReading(reading, { ...size, pageNumber: 1, unit: 'pixel' }, 'prebuilt-read').content
}

/**
 * Reads the pictures of a page that has hardly a text of its own: somebody has pasted a scan into it. Those of other pages are photographs and
 * drawings, which would take longer than all the rest. A picture that cannot be read is left out, with a warning.
 */
export const withPicturesRead = async (blocks: Block[], pageNumber: number, context: Context): Promise<Block[]> => {
  const pictures = blocks.filter((block) => block.kind === 'picture').slice(0, MOST_PICTURES)
  const characters = blocks.reduce((sum, block) => sum + charactersOf(block), 0)
  if (pictures.length === 0 || characters > LEAST_TEXT) return blocks
  const texts = new Map<Block, string>()
  for (const picture of pictures) {
    const text = await readPicture(picture, context).catch((error: unknown) => {
      context.emitter.warning(pageNumber, `A picture could not be read: ${messageOf(error)}`)
      return ''
    })
    texts.set(picture, text)
  }
  return blocks.map((block) => (texts.has(block) ? paragraph(texts.get(block) ?? '') : block))
}
