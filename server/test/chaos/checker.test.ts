import { beforeAll, expect, test } from 'vitest'
import { useDatabase } from '../database.ts'
import { check, RULE_NAMES } from './checker.ts'
import type { Evidence } from './evidence.ts'
import { makeEvidence } from './sample-evidence.ts'

/** The checker finds nothing in a good history, and each kind of fault in one that was doctored. */
const database = useDatabase()
let good: Evidence

beforeAll(async () => {
  good = await makeEvidence(database.url)
})

test('a good history breaks no rule', () => {
  expect(check(good)).toEqual([])
  expect(new Set(good.attempts.map((attempt) => attempt.outcome))).toEqual(
    new Set(['COMPLETED', 'FAILED', 'WORKER_LOST', 'RELEASED', 'CANCELED']),
  )
})

/** The rows of one job, to be changed. */
const job = (evidence: Evidence, n: number) => found(evidence.jobs[n - 1])
const changes = (evidence: Evidence, n: number) => {
  const { id } = job(evidence, n)
  return evidence.jobChanges.filter((change) => change.row.id === id)
}
const last = (evidence: Evidence, n: number) => found(changes(evidence, n).at(-1))
const pageChange = (evidence: Evidence, n: number) =>
  found(evidence.pageChanges.find((change) => change.row.job_id === job(evidence, n).id))
const lines = (evidence: Evidence, n: number, event: string) =>
  evidence.log.filter((line) => line.job === job(evidence, n).id && line.event === event)

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the good history has no such row')
  return value
}

function rewrite(evidence: Evidence, n: number, by: object): void {
  const { row } = pageChange(evidence, n)
  row.content = JSON.stringify({ ...JSON.parse(row.content), ...by })
}

const doctored: [rule: RegExp, what: string, doctor: (evidence: Evidence) => void][] = [
  [/lost/, 'a document without its job', (e) => e.submitted.push('01a00000-0000-7000-8000-000000000000')],
  [/lost/, 'a document processed again without a second job', (e) => e.submitted.push(job(e, 1).document_id)],
  [/lost/, 'a document with a job that nobody asked for', (e) => e.jobs.push({ ...job(e, 1), id: -1 })],
  [/lost/, 'a job that is not finished', (e) => Object.assign(job(e, 1), { status: 'PROCESSING', locked_by: 1 })],
  [/lost/, 'a job that was deleted', (e) => e.jobChanges.push({ ...last(e, 1), operation: 'DELETE' })],
  [/twice/, 'a job completed again', (e) => e.jobChanges.push({ ...last(e, 1), seq: 1e6 })],
  [
    /twice/,
    'a finished job that is PENDING again',
    (e) => {
      e.jobChanges.push({ ...last(e, 2), seq: 1e6, row: { ...last(e, 2).row, status: 'PENDING' } })
    },
  ],
  [
    /grow by one/,
    'a claim that skips a number',
    (e) => {
      for (const { row } of changes(e, 1)) if (row.claim === 2) row.claim = 3
    },
  ],
  [
    /grow by one/,
    'a claim of a job that another worker holds',
    (e) => {
      const held = found(changes(e, 3).find((change) => change.row.locked_by !== null))
      const row = { ...held.row, claim: held.row.claim + 1, locked_by: -1 }
      e.jobChanges.splice(e.jobChanges.indexOf(held) + 1, 0, { ...held, row })
    },
  ],
  [/only the holder/, 'a finish by another worker', (e) => Object.assign(last(e, 1), { writer: 'w1 pool' })],
  [
    /only the holder/,
    'a worker taken for gone that was not',
    (e) => {
      e.workerChanges = e.workerChanges.filter((change) => change.operation !== 'DELETE')
    },
  ],
  [/only the holder/, 'a worker that cancels', (e) => Object.assign(last(e, 4), { writer: 'w1 pool' })],
  [/page is written/, 'a page of an older claim', (e) => rewrite(e, 1, { claim: 1 })],
  [/page is written/, 'a page of a worker that holds it no more', (e) => rewrite(e, 1, { workerId: -1 })],
  [/page is written/, 'a page of another job', (e) => rewrite(e, 1, { job: -1 })],
  [/page is written/, 'a page stored when the job was finished', (e) => Object.assign(pageChange(e, 1), { seq: 1e6 })],
  [
    /page is written/,
    'a page on the connection of another worker',
    (e) => Object.assign(pageChange(e, 1), { writer: 'w1 pool' }),
  ],
  [
    /as its handler decided/,
    'a finish that no handler asked for',
    (e) => {
      e.log = e.log.filter((line) => !lines(e, 1, 'ending').includes(line))
    },
  ],
  [
    /as its handler decided/,
    'a finish in the name of a newer claim',
    (e) => {
      for (const line of lines(e, 1, 'ending')) line.claim = 1
    },
  ],
  [
    /as its handler decided/,
    'a finish before the handler was done',
    (e) => {
      for (const line of lines(e, 1, 'ending')) line.at += 60_000
    },
  ],
  [
    /as its handler decided/,
    'a failure of what was completed',
    (e) => {
      for (const line of lines(e, 2, 'ending')) line.ending = 'completed'
    },
  ],
  [
    /acknowledged/,
    'a finish that is not there',
    (e) => {
      for (const line of lines(e, 3, 'acknowledged')) line.claim = 1
    },
  ],
  [
    /acknowledged/,
    'a page that is not there',
    (e) => {
      for (const line of lines(e, 1, 'page')) line.page = 3
    },
  ],
  [/acknowledged/, 'a cancellation that is not there', (e) => e.canceled.push(job(e, 1).document_id)],
  [/every page once/, 'a page missing', (e) => e.pages.splice(0, 1)],
  [/every page once/, 'a page too many', (e) => e.pages.push({ ...found(e.pages[0]), page_number: 3 })],
  [
    /every page once/,
    'a page left of a job that FAILED',
    (e) => e.pages.push({ ...found(e.pages[0]), job_id: job(e, 2).id }),
  ],
  [/add up/, 'an attempt without its row', (e) => e.attempts.splice(0, 1)],
  [/add up/, 'an attempt written twice', (e) => e.attempts.push({ ...found(e.attempts[0]), claim: 9 })],
  [/add up/, 'an attempt with a wrong number', (e) => Object.assign(found(e.attempts[0]), { attempt: 2 })],
  [/add up/, 'another outcome than the job had', (e) => Object.assign(found(e.attempts[0]), { outcome: 'FAILED' })],
  [/add up/, 'a job that counts more attempts than it had', (e) => Object.assign(job(e, 1), { attempts: 2 })],
  [
    /only for good/,
    'FAILED although it could be retried',
    (e) => {
      for (const line of lines(e, 2, 'ending')) line.ending = 'retryable'
    },
  ],
  [/evidence is whole/, 'a change that no trigger saw', (e) => e.jobChanges.pop()],
  [/evidence is whole/, 'a page that no trigger saw', (e) => e.pageChanges.shift()],
  [/evidence is whole/, 'an attempt that no trigger saw', (e) => e.attemptChanges.pop()],
  [/evidence is whole/, 'workers that write nothing down', (e) => e.log.splice(0)],
  [/no process ends/, 'a process that crashed', (e) => Object.assign(found(e.exits[0]), { code: 1 })],
  [/no process ends/, 'a process that ended by itself', (e) => Object.assign(found(e.exits[0]), { asked: null })],
  [
    /no process ends/,
    'a process that had to be killed',
    (e) => Object.assign(found(e.exits[0]), { code: null, signal: 'SIGKILL' }),
  ],
  [/no process ends/, 'a process that complained', (e) => Object.assign(found(e.exits[0]), { stderr: 'Error' })],
]

test.each(doctored)('%s: %s', (rule, _, doctor) => {
  const evidence = structuredClone(good)
  doctor(evidence)
  expect(check(evidence).map((violation) => violation.rule)).toContainEqual(expect.stringMatching(rule))
})

test('each rule is broken by one of these', () => {
  const broken = doctored.flatMap(([, , doctor]) => {
    const evidence = structuredClone(good)
    doctor(evidence)
    return check(evidence).map((violation) => violation.rule)
  })
  for (const rule of RULE_NAMES) expect(broken).toContain(rule)
})
