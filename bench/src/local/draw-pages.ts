import { LiteParse } from '@llamaindex/liteparse'

/** Pages of a PDF as pictures (PNG). */
export async function drawPages(pdf: string, pages: number[], dpi: number): Promise<Map<number, Buffer>> {
  const shots = await new LiteParse({ ocrEnabled: false, quiet: true, dpi }).screenshot(pdf, pages)
  return new Map(shots.map((shot) => [shot.pageNum, shot.imageBuffer]))
}
