import type { Pool } from '../../src/db/client.ts'

type Answer = { rowCount: number | null; rows: Record<string, unknown>[] }
type OnAnswer = (values: unknown[], answer: Answer) => void

/** The pool, with every answer to a statement told before whoever asked has it. What transactions do is not seen. */
export function witnessed(pool: Pool, onAnswer: OnAnswer): Pool {
  const query = async (statement: string | { values?: unknown[] }, values?: unknown[]) => {
    const answer = await (pool.query as (...args: unknown[]) => Promise<Answer>)(statement, values)
    onAnswer(typeof statement === 'string' ? (values ?? []) : (statement.values ?? []), answer)
    return answer
  }
  // Bound to the pool: its methods replace fields of `this`, and those of the object made here would shadow them.
  return Object.create(pool, { query: { value: query }, connect: { value: () => pool.connect() } })
}

/**
 * Which claims an answer has ended, as far as the queue's statements can be told by their parameters: a fenced one names job, claim and
 * worker and touches one row; one for many names jobs and claims as arrays, and lists in `completed` those it has ended unless it is all.
 */
export function endedBy(values: unknown[], answer: Answer): { job: number; claim: number }[] {
  const [, first, second, third] = values
  if (Array.isArray(second) && Array.isArray(third)) {
    const listed = answer.rows.find((row) => Array.isArray(row.completed))?.completed as number[] | undefined
    const all = second.map((job: number, n) => ({ job, claim: third[n] as number }))
    return all.filter(({ job }) => !listed || listed.includes(job))
  }
  if (typeof first !== 'number' || typeof second !== 'number' || answer.rowCount !== 1) return []
  return [{ job: first, claim: second }]
}
