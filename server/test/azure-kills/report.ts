import { type Ending, isLost } from './check.ts'
import { STEPS } from './steps.ts'

/** A line for each step, in Markdown. */
export function report(endings: Ending[]): string {
  const rows = STEPS.map(({ name, mostBilled }) => {
    const of = endings.filter(({ step }) => step.name === name)
    const count = (which: (ending: Ending) => boolean) => of.filter(which).length
    return [
      name,
      count(({ killed }) => killed),
      mostBilled,
      count(({ billed }) => billed === 1),
      count(({ billed }) => billed === 2),
      count(({ billed }) => billed < 1 || billed > 2),
      count(({ submissions, saidAgain }) => submissions.includes('UNKNOWN') && saidAgain > 0),
      count(isLost),
    ]
  })
  const head = ['killed', 'times', 'may be billed', 'billed 1', 'billed 2', 'other', 'recorded as uncertain', 'lost']
  return [head, head.map((_, n) => (n === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}
