/** Pages of each document: more than one, so that a worker can die between two. */
export const PAGES = 2

/**
 * Where in a document's life its worker is killed. `request`: while the emulator holds the request, unread, read or accepted, or has sent
 * half of the result. `statement`: when the worker's next statement waits at a gate (gates.sql). `waiting`: while nobody holds the job.
 */
export type Moment =
  | { request: 'unread' | 'read' | 'accepted' | 'half the result' }
  | { statement: 'mark' | 'settle' | 'operation' | 'let go' | `page ${number}` | 'complete' }
  | 'waiting'

export type Step = {
  name: string
  moment: Moment
  /** How the rows of its submissions have to end, the oldest first. */
  submissions: ('UNKNOWN' | 'ACCEPTED')[]
  /** How often it may be billed. */
  mostBilled: 1 | 2
}

const ONE = { submissions: ['ACCEPTED'], mostBilled: 1 } satisfies Partial<Step>
/** Whether it was accepted cannot be known, so it is submitted again, and that is recorded. */
const AGAIN = ['UNKNOWN', 'ACCEPTED'] satisfies Step['submissions']

/** Each once in a round. Between the POST and the commit of its answer lies the only window in which a document may be billed twice. */
export const STEPS: Step[] = [
  { name: 'before the POST, not marked', moment: { statement: 'mark' }, ...ONE },
  { name: 'before the POST, marked', moment: { request: 'unread' }, submissions: AGAIN, mostBilled: 1 },
  { name: 'after the POST, not accepted yet', moment: { request: 'read' }, submissions: AGAIN, mostBilled: 2 },
  { name: 'after the POST, accepted', moment: { request: 'accepted' }, submissions: AGAIN, mostBilled: 2 },
  { name: 'after the POST, answered', moment: { statement: 'settle' }, submissions: AGAIN, mostBilled: 2 },
  { name: 'after the commit of the submission', moment: { statement: 'operation' }, ...ONE },
  { name: 'after the commit of the operation', moment: { statement: 'let go' }, ...ONE },
  { name: 'between two polls', moment: 'waiting', ...ONE },
  { name: 'while the result is read', moment: { request: 'half the result' }, ...ONE },
  { name: 'while its pages are stored', moment: { statement: `page ${PAGES}` }, ...ONE },
  { name: 'before COMPLETED', moment: { statement: 'complete' }, ...ONE },
]
