import type { AnalyzeResultOutput } from '@azure-rest/ai-document-intelligence'

/** A result as other versions of the API have it, which a client of this version must not take for one. */
export function oldShapeOf(result: AnalyzeResultOutput, shape: 'v2' | 'preview'): object {
  return shape === 'v2' ? asVersion2(result) : asPreview(result)
}

/** 2.1: readResults in place of pages, boundingBox in place of polygon, no spans. */
function asVersion2({ pages }: AnalyzeResultOutput): object {
  return {
    version: '2.1.0',
    readResults: pages.map(({ pageNumber, angle, width, height, unit, lines = [] }) => ({
      page: pageNumber,
      angle,
      width,
      height,
      unit,
      lines: lines.map(({ content, polygon }) => ({ text: content, boundingBox: polygon })),
    })),
    pageResults: [],
    documentResults: [],
  }
}

/** 2021-09-30-preview: names of today, but boundingBox in place of polygon and its own version. */
function asPreview(result: AnalyzeResultOutput): object {
  return JSON.parse(
    JSON.stringify({ ...result, apiVersion: '2021-09-30-preview' }).replaceAll('"polygon":', '"boundingBox":'),
  )
}
