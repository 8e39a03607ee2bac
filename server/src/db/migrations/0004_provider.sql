-- Up Migration

-- Each request that may have been paid for: a row before it is sent, so that a crash between the provider's answer and our commit leaves
-- a trace, and whoever takes the job up knows. Kept when the job is gone, since the bill is not: quotas are sums of these rows.
CREATE TABLE provider_submissions (
  job_id       bigint NOT NULL,
  claim        integer NOT NULL,              -- a claim submits once at the most
  document_id  uuid NOT NULL,
  endpoint     text NOT NULL,
  model        text NOT NULL,
  pages        integer NOT NULL,              -- as counted before; the provider's own count once its result is there
  submitted_at timestamptz NOT NULL,
  outcome      text NOT NULL DEFAULT 'UNKNOWN' CHECK (outcome IN ('UNKNOWN', 'ACCEPTED', 'REFUSED', 'FAILED')),
  operation    text,                          -- its Operation-Location
  PRIMARY KEY (job_id, claim),
  CONSTRAINT operation_iff_accepted CHECK ((operation IS NOT NULL) = (outcome IN ('ACCEPTED', 'FAILED')))
);
CREATE INDEX provider_submissions_submitted_at ON provider_submissions (submitted_at) INCLUDE (pages) WHERE outcome IN ('UNKNOWN', 'ACCEPTED');

-- The request rate of the whole fleet, one row for an endpoint and a kind of request: a token bucket as a time (GCRA, ITU-T I.371).
CREATE TABLE provider_budgets (
  endpoint   text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('POST', 'GET')),
  next_at    timestamptz NOT NULL,            -- when the bucket is full again
  held_until timestamptz NOT NULL DEFAULT '-infinity', -- the provider wants no request before
  queued_at  timestamptz NOT NULL DEFAULT '-infinity', -- the time given to the last one that was refused a token
  granted    boolean NOT NULL DEFAULT true,   -- whether the last one that asked was given a token
  PRIMARY KEY (endpoint, kind)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- How the document is to be read, null: as configured.
ALTER TABLE documents ADD COLUMN extraction_options jsonb;
