-- Up Migration

CREATE TABLE documents (
  id           uuid PRIMARY KEY,              -- version 7: ordered by time, so the list is read from the primary key
  filename     text NOT NULL CHECK (length(filename) BETWEEN 1 AND 255),
  content_type text NOT NULL,
  size_bytes   bigint NOT NULL CHECK (size_bytes > 0),
  sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  blob_key     text NOT NULL UNIQUE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  deleted_at   timestamptz                    -- tombstone: the bytes are being deleted, then the rows are
);
CREATE INDEX documents_created_at ON documents (created_at);
CREATE INDEX documents_deleted_at ON documents (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE document_processing_jobs (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  document_id  uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
  status       text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED')),
  priority     smallint NOT NULL DEFAULT 0,   -- smaller goes first
  due_at       timestamptz NOT NULL DEFAULT now(),
  claim        integer NOT NULL DEFAULT 0,    -- fencing token: one more with every claim; only the newest may write
  locked_by    bigint,                        -- workers.id; no foreign key, since it would lock the worker's row once a claim and once a finish
  attempts     integer NOT NULL DEFAULT 0,
  max_attempts integer NOT NULL,
  provider     text,
  operation    text,                          -- what the provider's work is continued by: its Operation-Location
  pages_done   integer NOT NULL DEFAULT 0,
  pages_total  integer,
  error_code   text,
  error_log    text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  started_at   timestamptz,
  finished_at  timestamptz,
  ready        boolean NOT NULL GENERATED ALWAYS AS
                 (status = 'PENDING' OR (status = 'PROCESSING' AND locked_by IS NULL)) STORED,

  CONSTRAINT held_only_while_processing CHECK (locked_by IS NULL OR status = 'PROCESSING'),
  CONSTRAINT unheld_processing_has_operation CHECK (status <> 'PROCESSING' OR locked_by IS NOT NULL OR operation IS NOT NULL),
  CONSTRAINT started_before_processing CHECK (status NOT IN ('PROCESSING', 'COMPLETED') OR started_at IS NOT NULL),
  CONSTRAINT finished_at_iff_finished CHECK ((finished_at IS NOT NULL) = (status IN ('COMPLETED', 'FAILED'))),
  CONSTRAINT failed_has_reason CHECK (status <> 'FAILED' OR (error_code IS NOT NULL AND error_log IS NOT NULL)),
  CONSTRAINT completed_has_no_error CHECK (status <> 'COMPLETED' OR error_code IS NULL),
  CONSTRAINT completed_has_all_pages CHECK (status <> 'COMPLETED' OR (pages_total IS NOT NULL AND pages_done = pages_total)),
  CONSTRAINT attempts_within_max CHECK (attempts BETWEEN 0 AND max_attempts AND max_attempts > 0),
  CONSTRAINT pages_within_total CHECK (pages_done >= 0 AND (pages_total IS NULL OR pages_done <= pages_total))
) WITH (fillfactor = 70);                     -- room on the page for the HOT updates of a job's life

-- The only index that changes while a job is worked on. A completion touches neither of its columns nor `ready`, so it stays HOT.
CREATE INDEX document_processing_jobs_due ON document_processing_jobs (priority, due_at, id) WHERE ready;
CREATE INDEX document_processing_jobs_of_document ON document_processing_jobs (document_id, id DESC);

-- One row per attempt, opened by the claim that began it. A poll of the provider is a claim but no new attempt.
CREATE TABLE document_processing_attempts (
  job_id     bigint NOT NULL REFERENCES document_processing_jobs ON DELETE CASCADE,
  claim      integer NOT NULL,
  attempt    integer NOT NULL CHECK (attempt > 0),
  worker     text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz,
  outcome    text CHECK (outcome IN ('COMPLETED', 'FAILED', 'RELEASED', 'WORKER_LOST')),
  error_code text,
  error_log  text,
  PRIMARY KEY (job_id, claim),
  CONSTRAINT outcome_iff_ended CHECK ((outcome IS NOT NULL) = (ended_at IS NOT NULL)),
  CONSTRAINT error_iff_failed CHECK ((error_code IS NOT NULL) = (coalesce(outcome, '') IN ('FAILED', 'WORKER_LOST')))
);

CREATE TABLE workers (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- also the key of its advisory lock, which takes an integer
  name       text NOT NULL,                                    -- host/pid
  version    text NOT NULL,
  slots      integer NOT NULL CHECK (slots > 0),
  started_at timestamptz NOT NULL DEFAULT now(),
  beat_at    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- One row per page, so that a 2,000-page result is never one value. Spans index the page's own content.
CREATE TABLE document_pages (
  job_id      bigint NOT NULL REFERENCES document_processing_jobs ON DELETE CASCADE,
  page_number integer NOT NULL CHECK (page_number > 0),
  content     text NOT NULL,
  page        jsonb NOT NULL,
  PRIMARY KEY (job_id, page_number)
);

-- Blobs that no document owns yet. The row is written before the first byte, kept fresh while bytes arrive and deleted in the
-- transaction that makes the document: what a crash or a broken-off upload leaves behind is a stale row, and is cleaned by it.
CREATE TABLE unowned_blobs (
  blob_key   text PRIMARY KEY,
  touched_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE idempotency_keys (
  key          text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 255),
  fingerprint  text NOT NULL,                 -- of names and bytes of the upload
  document_ids uuid[] NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
