import { z } from 'zod'

/** Pages `from` to `to`, counted from 1, both included. */
export type PageRange = { from: number; to: number }

const WRITTEN = /^[1-9]\d{0,6}(-[1-9]\d{0,6})?(,[1-9]\d{0,6}(-[1-9]\d{0,6})?)*$/

const read = (text: string): PageRange[] =>
  text.split(',').map((range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return { from, to }
  })

/** Pages of a document as Azure Document Intelligence has them written: `1-3,5`. */
export const PageRanges = z
  .string()
  .max(1000)
  .regex(WRITTEN, { error: 'Expected pages like 1-3,5, without spaces', abort: true })
  .refine((text) => read(text).every(({ from, to }) => from <= to), 'A range ends before it begins')

/** Of a text that PageRanges takes: in order, and none touches the next. */
export const parsePageRanges = (text: string): PageRange[] => merge(read(text))

export const formatPageRanges = (ranges: readonly PageRange[]): string =>
  ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(',')

/** @param pages in any order, some perhaps more than once */
export const rangesOf = (pages: readonly number[]): PageRange[] =>
  merge(pages.map((page) => ({ from: page, to: page })))

function merge(ranges: PageRange[]): PageRange[] {
  const merged: PageRange[] = []
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

export const hasPage = (ranges: readonly PageRange[], page: number): boolean =>
  ranges.some(({ from, to }) => from <= page && page <= to)

/** How many of the pages 1 to `last` are among them. */
export const countPages = (ranges: readonly PageRange[], last: number): number =>
  ranges.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, last) - from + 1), 0)

/** The n-th of the pages, from 1. @throws RangeError when there are not so many */
export function pageAt(ranges: readonly PageRange[], n: number): number {
  let left = n
  for (const { from, to } of ranges) {
    if (left <= to - from + 1) return from + left - 1
    left -= to - from + 1
  }
  throw new RangeError(`${formatPageRanges(ranges)} has no page ${n}`)
}

/**
 * The same pages, and as many between them as it takes to write them within `length` characters: the smallest gaps are filled first.
 * @throws RangeError for a length that no range fits in
 */
export function widen(ranges: readonly PageRange[], length: number): PageRange[] {
  const gaps = ranges.slice(1).map(({ from }, n) => from - (ranges[n]?.to ?? 0))
  for (const gap of [0, ...new Set(gaps.toSorted((a, b) => a - b))]) {
    const wider: PageRange[] = []
    for (const range of ranges) {
      const last = wider.at(-1)
      if (last && range.from - last.to <= gap) last.to = range.to
      else wider.push({ ...range })
    }
    if (formatPageRanges(wider).length <= length) return wider
  }
  throw new RangeError(`no range can be written with ${length} characters`)
}
