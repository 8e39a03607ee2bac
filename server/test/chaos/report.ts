import { quantile, total } from './figures.ts'
import type { Round } from './round.ts'

/** What the rounds amount to, in Markdown. */
export function report(rounds: Round[]): string {
  const figures = rounds.map((round) => round.figures)
  const violations = rounds.flatMap((round) => round.violations)
  const recoveries = figures.flatMap((one) => one.recoveriesMs)
  const sum = (of: (one: (typeof figures)[number]) => number) => figures.reduce((all, one) => all + of(one), 0)
  const minutes = rounds.reduce((all, round) => all + round.ms, 0) / 60_000
  return [
    '# Chaos test of the queue',
    '',
    `${rounds.length} rounds in ${minutes.toFixed(1)} minutes, seeds ${rounds.map((round) => round.seed).join(', ')}.`,
    `**${violations.length} violations of the rules.**`,
    '',
    table('jobs', total(figures.map((one) => one.jobs))),
    table('attempts, by outcome', total(figures.map((one) => one.attempts))),
    table('faults', total(figures.map((one) => one.faults))),
    table('besides', {
      claims: sum((one) => one.claims),
      'pages stored and kept': sum((one) => one.pages),
      'worker processes': sum((one) => one.processes),
      'late writes refused': sum((one) => one.lateWritesRefused),
      'jobs recovered from killed workers': recoveries.length,
      ...(recoveries.length > 0 && {
        'kill to due again, median ms': Math.round(quantile(recoveries, 0.5)),
        'kill to due again, 95 % ms': Math.round(quantile(recoveries, 0.95)),
      }),
    }),
    ...(violations.length > 0 ? [table('violations', countRules(violations))] : []),
    ...violations.slice(0, 20).map(({ rule, detail }) => `- **${rule}**: ${detail.slice(0, 1_500)}`),
  ].join('\n')
}

function table(title: string, numbers: Record<string, number>): string {
  const rows = Object.entries(numbers).map(([name, n]) => `| ${name} | ${n} |`)
  return [`| ${title} | |`, '|---|--:|', ...rows, ''].join('\n')
}

function countRules(violations: Round['violations']): Record<string, number> {
  return total(violations.map(({ rule }) => ({ [rule]: 1 })))
}
