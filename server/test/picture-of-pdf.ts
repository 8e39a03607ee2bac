import { LiteParse } from '@llamaindex/liteparse'

/** The pages of a PDF, all without numbers, as pictures (PNG). */
export const picturesOf = async (pdf: string | Buffer, dpi: number, pages?: number[]): Promise<Buffer[]> => {
  const shots = await new LiteParse({ ocrEnabled: false, quiet: true, dpi }).screenshot(pdf, pages)
  return shots.toSorted((a, b) => a.pageNum - b.pageNum).map((shot) => shot.imageBuffer)
}
