import { expect, test } from 'vitest'
import { useDatabase } from '../../test/database.ts'
import { makeJob } from '../../test/jobs.ts'
import { at } from '../../test/queue.ts'
import { type Generated, generatedOf, type Row, sayGenerated, statesOf } from '../../test/state-machine/classify.ts'

/** docs/state-machine.md against what the schema accepts. */
const database = useDatabase()

test('the schema accepts the rows that the table of states has, and no others', async () => {
  const rows = everyCombination()
  const answers = await insertEach(rows)
  const wrong = rows.flatMap((row, n) => {
    const said = statesOf(row, false)
    const generated = answers[n] && generatedOf(answers[n])
    const right = generated ? said.length === 1 && `${said.map(sayGenerated)}` === `${generated}` : said.length === 0
    return right ? [] : [{ row, said, accepted: generated ?? false }]
  })
  expect(rows.length).toBe(4 * 2 ** 7 * 3 * 3)
  expect(answers.filter(Boolean).length, 'some are accepted').toBeGreaterThan(100)
  expect(wrong.length, `e.g. ${JSON.stringify(wrong[0])}`).toBe(0)
})

function everyCombination(): Row[] {
  const time = new Date(0)
  let rows: Partial<Row>[] = [{}]
  const vary = (...choices: Partial<Row>[]) => {
    rows = rows.flatMap((row) => choices.map((choice) => ({ ...row, ...choice })))
  }
  vary(...['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'].map((status) => ({ status })))
  vary({ locked_by: null }, { locked_by: 1 })
  vary({ operation: null }, { operation: 'https://op/1' })
  vary({ started_at: null }, { started_at: time })
  vary({ attempt_started_at: null }, { attempt_started_at: time })
  vary({ finished_at: null }, { finished_at: time })
  vary({ error_code: null }, { error_code: 'canceled' }, { error_code: 'file_corrupt' })
  vary({ error_log: null }, { error_log: 'x' })
  vary({ pages_done: 0, pages_total: null }, { pages_done: 0, pages_total: 1 }, { pages_done: 1, pages_total: 1 })
  vary({ attempts: 0, max_attempts: 2 }, { attempts: 2, max_attempts: 2 })
  return rows as Row[]
}

/** The generated columns of each row, null where the schema refuses it. */
async function insertEach(rows: Row[]): Promise<(Generated | null)[]> {
  await database.pool.query(`
    CREATE OR REPLACE FUNCTION try_insert(given jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
    DECLARE
      job document_processing_jobs;
    BEGIN
      job := jsonb_populate_record(NULL::document_processing_jobs, given);
      INSERT INTO document_processing_jobs
        (document_id, priority, status, locked_by, operation, started_at, attempt_started_at, finished_at, error_code, error_log,
         pages_done, pages_total, attempts, max_attempts)
      VALUES (gen_random_uuid(), 1, job.status, job.locked_by, job.operation, job.started_at, job.attempt_started_at, job.finished_at,
              job.error_code, job.error_log, job.pages_done, job.pages_total, job.attempts, job.max_attempts)
      RETURNING * INTO job;
      RETURN jsonb_build_object('ready', job.ready, 'dead_letter', job.dead_letter);
    EXCEPTION WHEN check_violation OR not_null_violation THEN RETURN NULL;
    END $$`)
  const answer = await database.pool.query<{ made: Generated | null }>(
    'SELECT try_insert(given) AS made FROM jsonb_array_elements($1) WITH ORDINALITY AS rows (given, n) ORDER BY n',
    [JSON.stringify(rows)],
  )
  return answer.rows.map(({ made }) => made)
}

test.each([
  ['fewer attempts than none', 'UPDATE document_processing_jobs SET attempts = -1'],
  ['more attempts than allowed', 'UPDATE document_processing_jobs SET attempts = max_attempts + 1'],
  ['more pages than there are', 'UPDATE document_processing_jobs SET pages_total = 1, pages_done = 2'],
  [
    'two ends of one claim',
    `INSERT INTO document_processing_attempts (job_id, claim, attempt, started_at, ended_at, outcome)
     SELECT id, 1, 1, now(), now(), 'RELEASED' FROM document_processing_jobs, generate_series(1, 2)`,
  ],
])('the schema refuses %s', async (_, sql) => {
  await database.pool.query('DELETE FROM document_processing_jobs')
  await makeJob(database.pool, at(0))
  await expect(database.pool.query(sql)).rejects.toThrow(/violates (check|unique) constraint|duplicate key/)
})
