/** `isSure`: nobody had to guess it, so that it may be the file's own text. */
export type SearchableWord = { text: string; polygon: number[]; isSure: boolean }

export type SearchableLine = { polygon: number[]; words: SearchableWord[] }

/** What was read on a page: polygons in its unit, in which `width` and `height` are too; 0: unknown. */
export type SearchablePage = { pageNumber: number; width: number; height: number; lines: SearchableLine[] }

/** From places on a page as a person sees it, in its unit and from its top left corner, to places in PDF's user space. */
export type ToUserSpace = (x: number, y: number) => { x: number; y: number }
