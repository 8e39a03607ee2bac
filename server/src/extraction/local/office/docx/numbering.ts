import { childrenOf, valOf, type XmlElement } from '../xml.ts'

type Level = { format: string; text: string; start: number }

const ROMAN: [number, string][] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
]

/** Word writes no Roman numeral that is larger, and a file may count from anywhere. */
const MOST_ROMAN = 32_767

export const roman = (number: number): string => {
  if (number < 1 || number > MOST_ROMAN) return String(number)
  let [left, text] = [number, '']
  for (const [value, letters] of ROMAN)
    while (left >= value) {
      text += letters
      left -= value
    }
  return text
}

/** a to z, then aa to zz, as Word counts. */
export const letters = (number: number): string =>
  number < 1 || number > MOST_ROMAN
    ? String(number)
    : String.fromCharCode(97 + ((number - 1) % 26)).repeat(Math.ceil(number / 26))

const FORMATS: Record<string, (number: number) => string> = {
  lowerRoman: roman,
  upperRoman: (number) => roman(number).toUpperCase(),
  lowerLetter: letters,
  upperLetter: (number) => letters(number).toUpperCase(),
  decimalZero: (number) => String(number).padStart(2, '0'),
  none: () => '',
}

const written = (number: number, format: string): string => (FORMATS[format] ?? String)(number)

const readLevel = (level: XmlElement): Level => ({
  format: valOf(level, 'numFmt') ?? 'decimal',
  text: valOf(level, 'lvlText') ?? '',
  start: Number(valOf(level, 'start') ?? 1),
})

const levelsOf = (element: XmlElement | undefined): Map<number, Level> =>
  new Map(childrenOf(element, 'lvl').map((level) => [Number(level.attributes.ilvl), readLevel(level)]))

export type Numbering = {
  /** Counts a paragraph of a list; returns what stands before it, with a blank, or nothing. */
  markerOf(list: string, level: number): string
}

type List = { counted: string; levels: Map<number, Level>; starts: Map<number, number> }

const readLists = (part: XmlElement | undefined): Map<string, List> => {
  const kinds = new Map(childrenOf(part, 'abstractNum').map((kind) => [kind.attributes.abstractNumId, kind]))
  return new Map(
    childrenOf(part, 'num').map((list): [string, List] => {
      const kind = valOf(list, 'abstractNumId') ?? ''
      const levels = levelsOf(kinds.get(kind))
      const overrides = childrenOf(list, 'lvlOverride')
      for (const override of overrides) for (const [at, level] of levelsOf(override)) levels.set(at, level)
      const starts = overrides.flatMap((override): [number, number][] => {
        const start = valOf(override, 'startOverride')
        return start === undefined ? [] : [[Number(override.attributes.ilvl), Number(start)]]
      })
      const id = list.attributes.numId ?? ''
      // Lists of one kind go on counting from each other, but one that starts anew counts by itself.
      return [id, { counted: starts.length > 0 ? `list ${id}` : `kind ${kind}`, levels, starts: new Map(starts) }]
    }),
  )
}

/** Numbers of a document's lists as Word writes them. @param part `numbering.xml` */
export const createNumbering = (part: XmlElement | undefined): (() => Numbering) => {
  const lists = readLists(part)
  return () => {
    const counters = new Map<string, number[]>()
    return {
      markerOf(id, at) {
        const list = lists.get(id)
        const level = list?.levels.get(at)
        if (!list || !level) return ''
        if (level.format === 'bullet') return '- '
        const startOf = (each: number) => list.starts.get(each) ?? list.levels.get(each)?.start ?? 1
        const counts = counters.get(list.counted) ?? []
        counts[at] = (counts[at] ?? startOf(at) - 1) + 1
        // What is below begins again.
        counts.length = at + 1
        counters.set(list.counted, counts)
        const text = level.text.replace(/%([1-9])/g, (_, place) => {
          const each = Number(place) - 1
          return written(counts[each] ?? startOf(each), list.levels.get(each)?.format ?? 'decimal')
        })
        return text === '' ? '' : `${text} `
      },
    }
  }
}
