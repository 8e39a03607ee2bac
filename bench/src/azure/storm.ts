import { parseArgs } from 'node:util'
import { table } from '../report.ts'
import { VARIANTS, type Variant } from './storm-faults.ts'
import { type Storm, type StormOptions, storm } from './storm-run.ts'

/**
 * 2,000 documents, all due at once, 4 workers with 4 slots each, and a service with the limits of tier S0 that refuses 10 % with 429,
 * answers 5 % with 503 and resets 1 % of the connections, POST and GET alike.
 *
 *   npm run bench:azure:storm -- [--variant episodes,independent] [--documents 2000] [--workers 4] [--slots 4] [--seed 1] [--posts 15]
 *
 * With fewer --posts a second, and as much fewer GETs, a busy machine can show what does not depend on its speed. Variants: `calm` has no faults; `episodes` throttles for a second in ten; `independent` throttles each tenth request, with Retry-After 1;
 * `in-flight` is 500 analyses of five minutes each, at one worker with 2 slots. Exits with 1 unless every document has ended as what it met
 * with says, was billed once, lost no attempt to a throttle, and no limit was exceeded. A document with two resets ends as `submission_uncertain`,
 * not billed; it is asked for again afterwards, as an operator would, and then has to be billed once too. The time is for whoever reads.
 */
const { values } = parseArgs({
  options: {
    variant: { type: 'string', default: 'episodes,independent' },
    documents: { type: 'string' },
    workers: { type: 'string' },
    slots: { type: 'string' },
    seed: { type: 'string', default: '1' },
    posts: { type: 'string', default: '15' },
    'analysis-seconds': { type: 'string' },
  },
})

/** Tier S0 has limits of 15 and 50. */
const limits = { posts: Number(values.posts), gets: Math.round((Number(values.posts) * 50) / 15) }

function optionsOf(variant: Variant): StormOptions {
  const inFlight = variant === 'in-flight'
  return {
    variant,
    documents: Number(values.documents ?? (inFlight ? 500 : 2000)),
    workers: Number(values.workers ?? (inFlight ? 1 : 4)),
    slots: Number(values.slots ?? (inFlight ? 2 : 4)),
    seed: Number(values.seed),
    analysisMs: 1000 * Number(values['analysis-seconds'] ?? (inFlight ? 300 : 1.5)),
    ...(inFlight ? { posts: 100, gets: 500 } : limits),
  }
}

function rowOf({ variant, documents, posts }: StormOptions, run: Storm): Record<string, string | number> {
  const { post, get } = run.counts.requests
  const own = documents / posts
  return {
    variant,
    completed: run.completed,
    failed: JSON.stringify(run.failed),
    billed: run.billed,
    'billed, with those asked for again': run.billedInTheEnd,
    'above the limit, POST/GET': `${run.counts.exceeded.post}/${run.counts.exceeded.get}`,
    'most in a second, POST/GET': `${run.counts.peakPerSecond.post}/${run.counts.peakPerSecond.get}`,
    'POST by answer': JSON.stringify(post),
    'GET by answer': JSON.stringify(get),
    'slots held while waiting': `${run.waitingSlots} in ${run.samples} samples`,
    'most in flight': run.inFlight,
    'claims a document': (run.claims / documents).toFixed(1),
    'accepted in each 10 s': run.pace.join(' '),
    'last accepted, s': run.lastAcceptedSeconds.toFixed(1),
    'all ended, s': run.seconds.toFixed(1),
    "of the limit's own": `${(run.seconds / own).toFixed(2)} x ${own.toFixed(0)} s`,
  }
}

function isVariant(name: string): name is Variant {
  return (VARIANTS as readonly string[]).includes(name)
}

for (const variant of values.variant.split(',')) {
  if (!isVariant(variant)) throw new Error(`--variant is one of ${VARIANTS.join(', ')}`)
  const options = optionsOf(variant)
  const run = await storm(options)
  const row = rowOf(options, run)
  console.log(`\n${table(Object.entries(row).map(([what, found]) => ({ what, found })))}\n`)
  const { exceeded } = run.counts
  const violations = [
    ...run.violations,
    ...(exceeded.post + exceeded.get > 0 ? ['a limit was exceeded'] : []),
    ...(run.waitingSlots > 0 ? ['a slot was held while waiting'] : []),
  ]
  console.log(`${violations.length} violations`, violations.slice(0, 20))
  if (violations.length > 0) process.exitCode = 1
}
