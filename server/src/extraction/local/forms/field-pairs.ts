import type { Box } from '../geometry.ts'
import { bottom, isInside, right, rowsOf, type Token } from '../structure/token.ts'
import type { FoundField } from './form-fields.ts'
import type { FoundPair, PageOfPairs } from './pairs.ts'
import { type Segment, segmentsOf } from './segments.ts'

/** How far a label may be from its field, in letters, on either side, and above or below in heights of its own text. */
const BESIDE = 30
const CLOSE = 4
const ABOVE = 1.2

/** What a program calls a field is often no word. */
const CONFIDENCE = { label: 0.97, title: 0.9, name: 0.6 }

/** Longer text is no label, but what the form says. */
const LONGEST = 14

type Side = 'left' | 'right' | 'above' | 'below'

const isOnSide: Record<Side, (label: Box, field: Box, character: number) => boolean> = {
  left: (label, field) => isLevel(label, field) && right(label) <= field.x + label.height / 2,
  right: (label, field) => isLevel(label, field) && label.x >= right(field) - label.height / 2,
  above: (label, field, character) => isOver(label, field, character) && bottom(label) <= field.y + label.height / 2,
  below: (label, field, character) => isOver(label, field, character) && label.y >= bottom(field) - label.height / 2,
}

/** A field of several lines has its label beside the first one. */
const isLevel = (label: Box, field: Box): boolean => {
  const shared = Math.min(bottom(label), bottom(field)) - Math.max(label.y, field.y)
  return shared > label.height / 2 && label.y < field.y + Math.max(field.height / 2, 2 * label.height)
}

/** Above and below a field its label begins where it does, or is in its middle. */
const isOver = (label: Box, field: Box, character: number): boolean =>
  label.x < right(field) &&
  right(label) > field.x &&
  (Math.abs(label.x - field.x) < 3 * character ||
    Math.abs(label.x + label.width / 2 - field.x - field.width / 2) < 3 * character)

const distance = (label: Box, field: Box): number =>
  Math.max(field.x - right(label), label.x - right(field), field.y - bottom(label), label.y - bottom(field), 0)

/** Where labels are looked for, in this order, and how far away. */
const PLACES = (isMark: boolean, character: number, height: number): [Side, number][] =>
  isMark
    ? [
        ['right', CLOSE * character],
        ['left', CLOSE * character],
        ['right', BESIDE * character],
        ['above', height],
      ]
    : [
        ['left', CLOSE * character],
        ['above', ABOVE * height],
        ['left', BESIDE * character],
        ['below', height / 2],
      ]

const labelOf = (field: FoundField, labels: readonly Segment[], others: readonly Box[], page: PageOfPairs) => {
  const { character, height } = page.scale
  for (const [side, farthest] of PLACES(field.isMark, character, height / 1.6)) {
    const [label] = labels
      .filter(({ box }) => isOnSide[side](box, field.box, character) && distance(box, field.box) <= farthest)
      .toSorted((a, b) => distance(a.box, field.box) - distance(b.box, field.box))
    // What stands nearer to another field on that side is that one's.
    const isTaken =
      label &&
      others.some(
        (other) =>
          other !== field.box &&
          isOnSide[side](label.box, other, character) &&
          distance(label.box, other) < distance(label.box, field.box),
      )
    if (label && !isTaken && label.tokens.length <= LONGEST) return label.tokens
  }
  return null
}

const isChosen = (field: FoundField, { text }: Token): boolean =>
  field.choices.length === 0 || field.choices.some((choice) => choice.split(' ').includes(text))

/**
 * The fields of a PDF's form with what is written into them, or whether they are ticked. The key is what a person sees beside the field, and
 * where there is nothing the field's name.
 */
export const fieldPairs = (page: PageOfPairs): FoundPair[] => {
  const boxes = page.fields.map(({ box }) => box)
  if (boxes.length === 0) return []
  const inside = boxes.map((box) => page.tokens.filter((token) => isInside(token, box)))
  const written = new Set(inside.flat())
  const printed = page.tokens.filter((token) => !written.has(token) && !token.mark)
  const labels = segmentsOf(rowsOf(printed), page.rulings, page.scale).all
  return page.fields.flatMap((field, index) => {
    const value = (inside[index] as Token[]).filter((token) => (field.isMark ? token.mark : isChosen(field, token)))
    const key = labelOf(field, labels, boxes, page)
    if (!key && !field.name) return []
    return [
      {
        key: key ?? [],
        value,
        evidence: 'field',
        confidence: CONFIDENCE[key ? 'label' : field.isForPeople ? 'title' : 'name'],
        name: field.name,
      },
    ]
  })
}
