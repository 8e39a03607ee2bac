import sharp from 'sharp'
import type { GreyImage } from './grey-image.ts'

/** A pixel that is so much darker, or lighter, than nearly all that lie around it is a speck of dust; a letter's pixels have others beside them. */
const SPECK = 64
/**
 * How far around: a speck is a pixel, or up to three by three where a scan was enlarged. Of the pixels around, as many may be dark as another
 * speck that touches it has. A page has specks when such a share of its pixels are specks that nothing touches: clean print, however
 * small, has up to 0.00005 and 0.001 (the dots of letters), and with 2 % of specks there are 0.007. Counted with those that something
 * touches, thin strokes of small print are 0.013: a page that was cleaned of these had an F1 of 92 instead of 96.
 */
const SPECKS = [
  { radius: 1, share: 0.001, touching: 1 },
  { radius: 2, share: 0.003, touching: 2 },
] as const
/** So many rows are looked at for specks first. */
const SAMPLE = 8

/** Standard deviation of grain, of 255, that a local threshold takes for print. Scanners have 3 to 5, JPEG 1 to 3. */
const GRAINY = 10
/** Above it more is smoothed, at the price of small print. */
const COARSE = 22

/** In Gaussian noise the difference of a pixel and the mean of its two neighbours has this many deviations for its median. */
const MEDIAN_OF_DIFFERENCE = 0.6745 * Math.sqrt(1.5)

type Kind = (typeof SPECKS)[number]

/** Where the pixels lie that are `radius` away from one, from it. */
const ringOf = (radius: number, width: number): number[] => {
  const steps = Array.from({ length: 2 * radius + 1 }, (_, n) => n - radius)
  const ring = steps.flatMap((y) =>
    steps.filter((x) => Math.max(Math.abs(x), Math.abs(y)) === radius).map((x) => [x, y]),
  )
  return ring.map(([x = 0, y = 0]) => y * width + x)
}

/** Whether a pixel is so much darker than all but so many of those around it, or lighter. */
const standsOut = (data: Uint8Array, at: number, ring: readonly number[], touching: number): boolean => {
  const value = data[at] as number
  let [asDark, asLight] = [0, 0]
  for (let n = 0; n < ring.length; n += 1) {
    const other = data[at + (ring[n] as number)] as number
    if (other <= value + SPECK) asDark += 1
    if (other >= value - SPECK) asLight += 1
    // Nearly every pixel of a letter is told by the first few, and nothing is sorted for it.
    if (asDark > touching && asLight > touching) return false
  }
  return true
}

/** The specks in every so many rows that no more pixels than so many touch, each with the tone that is around it. */
const specksIn = (
  { data, width, height }: GreyImage,
  radius: number,
  touching: number,
  every: number,
): [number, number][] => {
  const ring = ringOf(radius, width)
  const around = new Uint8Array(ring.length)
  const found: [at: number, tone: number][] = []
  for (let y = radius; y < height - radius; y += every)
    for (let at = y * width + radius; at < (y + 1) * width - radius; at += 1) {
      const value = data[at] as number
      const [left, right] = [data[at - radius] as number, data[at + radius] as number]
      // Nearly every pixel is told from a speck by two of those around it.
      const differs = Math.abs(value - left) > SPECK || Math.abs(value - right) > SPECK
      if (!differs) continue
      if (!standsOut(data, at, ring, touching)) continue
      for (const [n, offset] of ring.entries()) around[n] = data[at + offset] as number
      found.push([at, around.sort()[ring.length >> 1] as number])
    }
  return found
}

/** The picture without specks of a kind, or the same when there are few. */
const withoutKind = (image: GreyImage, kind: Kind): GreyImage => {
  const { radius, share, touching } = kind
  if (specksIn(image, radius, 0, SAMPLE).length * SAMPLE < share * image.data.length) return image
  const clean = Buffer.from(image.data)
  for (const [at, tone] of specksIn(image, radius, touching, 1)) clean[at] = tone
  return { ...image, data: clean }
}

/** The standard deviation of a picture's grain, of 255: what is left of it in the middle, where there is neither print nor an edge. */
export const grainOf = ({ data, width, height }: GreyImage): number => {
  const counts = new Uint32Array(511)
  let total = 0
  for (let y = 0; y < height; y += 3)
    for (let at = y * width + 1; at < (y + 1) * width - 1; at += 1, total += 1) {
      const twice = Math.abs(2 * (data[at] as number) - (data[at - 1] as number) - (data[at + 1] as number))
      counts[twice] = (counts[twice] as number) + 1
    }
  let [seen, twice] = [0, 0]
  while (twice < 510 && seen + (counts[twice] as number) < total / 2) {
    seen += counts[twice] as number
    twice += 1
  }
  return twice / 2 / MEDIAN_OF_DIFFERENCE
}

const smoothed = async ({ data, width, height }: GreyImage, sigma: number): Promise<GreyImage> => {
  const soft = sharp(data, { raw: { width, height, channels: 1 } }).blur(sigma)
  return { data: await soft.toColourspace('b-w').raw().toBuffer(), width, height }
}

/**
 * The picture without the specks of dust and the grain that a threshold would take for print; the same when it has none to speak of.
 * What enlarging has spread a speck to stays behind, and is smoothed as grain is.
 */
export const withoutGrain = async (image: GreyImage): Promise<GreyImage> => {
  const [single, spread] = SPECKS
  const small = withoutKind(image, single)
  const clean = withoutKind(small, spread)
  const grain = grainOf(clean)
  if (grain < GRAINY && clean === small) return clean
  return smoothed(clean, grain < COARSE ? 0.8 : 1.1)
}
