-- Up Migration

-- One row per attempt that has ended, written once, by the statement that ends it. The attempt that runs is the job's own row: with a
-- row opened by the claim and closed by the finish, draining 60,000 no-op jobs took 1.5 times as long, and with a foreign key 1.2 times.
ALTER TABLE document_processing_jobs
  -- A check of each document while it is enqueued halved the speed of a batch (66,000 to 130,000 jobs a second). Documents and their
  -- jobs are made in one transaction, a document is locked before it gets another job, and the trigger below removes jobs with it.
  DROP CONSTRAINT document_processing_jobs_document_id_fkey,
  ALTER COLUMN priority TYPE bigint,          -- place in the fair order, a virtual time in µs; smaller goes first; 0: the provider has it
  ALTER COLUMN priority DROP DEFAULT,
  ADD COLUMN submitter varchar(200) NOT NULL DEFAULT '', -- whoever shares the workers fairly with the others
  ADD COLUMN step smallint NOT NULL DEFAULT 16, -- between two jobs of one submitter in the fair order: more is less urgent
  ADD COLUMN landmark boolean NOT NULL DEFAULT true, -- whether the submitter's next job finds the end of its line by this one
  ADD COLUMN attempt_started_at timestamptz,  -- of the attempt that runs, or of the last one
  -- Like `ready`, a column for an index: it does not change when a job is COMPLETED, so that stays a HOT update.
  ADD COLUMN dead_letter boolean NOT NULL GENERATED ALWAYS AS (status = 'FAILED' AND error_code <> 'canceled') STORED,
  -- Half of each page is room for the HOT updates of a batch that is claimed at once. At 70, batches of 500 lost a fifth of them.
  SET (fillfactor = 50,
       -- Each claim leaves a dead entry in the index of due jobs, and later claims pass it until a vacuum. The default, a fifth of the
       -- table, would be 200,000 of them beside a million finished jobs.
       autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
       -- Finished rows are never read by a claim, whatever their number, so statistics may be as old as by default.
       autovacuum_vacuum_cost_delay = 0);

UPDATE document_processing_jobs SET attempt_started_at = coalesce(
  (SELECT attempt.started_at FROM document_processing_attempts AS attempt WHERE job_id = id ORDER BY attempt.claim DESC LIMIT 1), started_at);
UPDATE document_processing_jobs SET priority = CASE WHEN status = 'PROCESSING' AND locked_by IS NULL THEN 0
  ELSE (extract(epoch FROM created_at) * 1000000)::bigint END;
-- What a job's columns are in each of its states, in one check: of the eight there were, each was a tenth of a microsecond at each update.
ALTER TABLE document_processing_jobs
  DROP CONSTRAINT document_processing_jobs_status_check, DROP CONSTRAINT held_only_while_processing,
  DROP CONSTRAINT unheld_processing_has_operation, DROP CONSTRAINT started_before_processing, DROP CONSTRAINT finished_at_iff_finished,
  DROP CONSTRAINT failed_has_reason, DROP CONSTRAINT completed_has_no_error, DROP CONSTRAINT pages_within_total,
  ADD CONSTRAINT columns_fit_status CHECK (CASE status
    WHEN 'PENDING' THEN locked_by IS NULL AND finished_at IS NULL
    WHEN 'PROCESSING' THEN started_at IS NOT NULL AND attempt_started_at IS NOT NULL AND finished_at IS NULL
                           AND (locked_by IS NOT NULL OR operation IS NOT NULL)
    WHEN 'COMPLETED' THEN started_at IS NOT NULL AND finished_at IS NOT NULL AND locked_by IS NULL AND error_code IS NULL
    WHEN 'FAILED' THEN finished_at IS NOT NULL AND locked_by IS NULL AND error_code IS NOT NULL AND error_log IS NOT NULL
    ELSE false END),
  ADD CONSTRAINT pages_within_total CHECK (pages_done <= pages_total);

-- A claim is the one update of a job's life that is not HOT: it adds an entry to both of these indexes. Half of each page is room for it;
-- in full pages a fifth of a claim's work was splitting them and looking for entries to delete.
ALTER INDEX document_processing_jobs_pkey SET (fillfactor = 45);
ALTER INDEX document_processing_jobs_of_document SET (fillfactor = 45);
-- Where the last waiting job of a submitter stands, for the next one to stand behind it. With all jobs of a batch, not only its landmarks,
-- it was one of four indexes that each took an eighth of the time of a batch.
CREATE INDEX document_processing_jobs_of_submitter ON document_processing_jobs (submitter, step, priority) WHERE ready AND landmark;
CREATE INDEX document_processing_jobs_dead_letters ON document_processing_jobs (id) WHERE dead_letter;

DELETE FROM document_processing_attempts WHERE ended_at IS NULL;
ALTER TABLE document_processing_attempts
  DROP CONSTRAINT document_processing_attempts_job_id_fkey,
  DROP CONSTRAINT document_processing_attempts_outcome_check,
  DROP CONSTRAINT outcome_iff_ended,
  ALTER COLUMN worker DROP NOT NULL,          -- null: it ended while the provider had it and no worker did
  ALTER COLUMN ended_at SET NOT NULL,
  ALTER COLUMN outcome SET NOT NULL,
  ADD CHECK (outcome IN ('COMPLETED', 'FAILED', 'RELEASED', 'WORKER_LOST', 'CANCELED'));
-- Rows are added in the order of time, so a BRIN index of a few pages finds the last minutes, for the rate.
CREATE INDEX document_processing_attempts_ended_at ON document_processing_attempts USING brin (ended_at) WITH (autosummarize = on);

-- What the two dropped keys did at a deletion, once a statement instead of once a row.
CREATE FUNCTION delete_jobs_of_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM document_processing_jobs USING deleted WHERE document_id = deleted.id;
  RETURN NULL;
END $$;
CREATE TRIGGER delete_jobs AFTER DELETE ON documents
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION delete_jobs_of_documents();

CREATE FUNCTION delete_attempts_of_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM document_processing_attempts USING deleted WHERE job_id = deleted.id;
  RETURN NULL;
END $$;
CREATE TRIGGER delete_attempts AFTER DELETE ON document_processing_jobs
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION delete_attempts_of_jobs();

-- A result is there if and only if the job is COMPLETED. Done here, since a statement that ends a job may have waited for a page that was
-- being stored: its own snapshot is older than that page, and that of a trigger is not.
CREATE FUNCTION delete_pages_of_failed_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM document_pages WHERE job_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER delete_pages AFTER UPDATE OF status ON document_processing_jobs
  FOR EACH ROW WHEN (NEW.status = 'FAILED') EXECUTE FUNCTION delete_pages_of_failed_job();

ALTER TABLE workers
  ADD COLUMN running integer NOT NULL DEFAULT 0, -- how many slots are taken, as of the last beat
  ADD COLUMN epoch integer NOT NULL DEFAULT 0,   -- raised when the worker gives back what it held without knowing; its claims name it
  -- A row is beaten every 2 s, for years.
  SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Has its one row while the queue is paused.
CREATE TABLE queue_pause (
  only_one  boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  paused_at timestamptz NOT NULL DEFAULT now(),
  reason    text NOT NULL DEFAULT ''
);
