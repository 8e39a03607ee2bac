import { readFileSync } from 'node:fs'
import path from 'node:path'

/** docs/state-machine.md, read as data. */

export type Transition = {
  from: string
  /** Name of the queue's function that makes it. */
  by: string
  to: string
}

export type Effects = Record<'due_at' | 'claim' | 'attempts' | 'attempt row', string>

export type StateMachinePage = {
  /** Arrows of the diagram, `from --> to: by`. */
  arrows: Set<string>
  /** States with an arrow to the end. */
  final: Set<string>
  /** Of each state, what its columns hold. */
  states: Map<string, Map<string, Cell>>
  transitions: (Transition & Effects & { fence: string[] })[]
}

/** `starred`: kept so by the functions, not by the schema. */
export type Cell = { rule: string; starred: boolean }

export const arrow = ({ from, to, by }: Transition) => `${from} --> ${to}: ${by}`

export function readStateMachine(): StateMachinePage {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/state-machine.md'), 'utf8')
  return { ...readDiagram(text), states: readStates(text), transitions: readTransitions(text) }
}

function readDiagram(text: string) {
  const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(text)?.[1]
  if (diagram === undefined) throw new Error('the page has no diagram')
  const arrows = new Set<string>()
  const final = new Set<string>()
  for (const line of diagram.trimEnd().split('\n')) {
    const [, from, to, label] = /^ +(\[\*\]|\w+) --> (\[\*\]|\w+)(?:: ([\w, ]+))?$/.exec(line) ?? []
    if (!from || !to) throw new Error(`not an arrow: ${line}`)
    if (to === '[*]') final.add(from)
    else if (label) for (const by of list(label)) arrows.add(arrow({ from: from === '[*]' ? '' : from, to, by }))
    else throw new Error(`an arrow without a function: ${line}`)
  }
  return { arrows, final }
}

function readStates(text: string): StateMachinePage['states'] {
  const [head = [], ...rows] = readTable(text, 'States')
  return new Map(
    head.slice(1).map((state, n) => {
      const cells = rows.map((row) => [nameOf(row[0]), cellOf(row[n + 1])] as const)
      return [state, new Map(cells)]
    }),
  )
}

const nameOf = (text = '') => /^`(\w+)`/.exec(text)?.[1] ?? text
const cellOf = (text = ''): Cell => ({ rule: text.replace(/ \*$/, ''), starred: text.endsWith(' *') })

function readTransitions(text: string): StateMachinePage['transitions'] {
  const [head = [], ...rows] = readTable(text, 'Transitions')
  const names = head.map(nameOf)
  return rows.flatMap((row) => {
    const cell = (name: string) => row[names.indexOf(name)] ?? ''
    const transition = {
      by: cell('function'),
      to: cell('to'),
      fence: list(cell('fence')),
      due_at: cell('due_at'),
      claim: cell('claim'),
      attempts: cell('attempts'),
      'attempt row': cell('attempt row'),
    }
    return cell('from')
      .split(',')
      .map((from) => ({ from: from.trim(), ...transition }))
  })
}

const list = (text: string) => text.split(',').flatMap((word) => word.trim() || [])

/** The table under a heading, its head first, without the line of dashes. */
function readTable(text: string, heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const lines = section.split('\n').filter((line) => line.startsWith('|'))
  if (lines.length < 3) throw new Error(`there is no table under "${heading}"`)
  return lines.toSpliced(1, 1).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}
