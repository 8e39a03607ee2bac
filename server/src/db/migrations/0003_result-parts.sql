-- Up Migration

-- Neither has an index, and none may get one that a job's end would change: a completion has to stay a HOT update.
ALTER TABLE document_pages
  ADD COLUMN parts jsonb;                     -- what begins on the page beside its words: tables, fields, …; null: nothing
ALTER TABLE document_processing_jobs
  ADD COLUMN result_blob_key text,            -- the provider's own AnalyzeResult, verbatim; null: it is put together from the pages
  ADD COLUMN result_header jsonb;             -- what describes the result as a whole: modelId, contentFormat, …; null: the local engine's

-- A result's bytes belong to its job. Who writes them reserves their key in unowned_blobs first, as for an upload, and takes it out in the
-- statement that puts it here; when the job lets go of it, it goes back, so old that the next round of housekeeping deletes the bytes. A
-- FAILED job keeps the key, which nobody reads, since a second update of the row would double the work of its end.
CREATE FUNCTION disown_blob(key text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO unowned_blobs (blob_key, touched_at) VALUES (key, '-infinity')
  ON CONFLICT (blob_key) DO UPDATE SET touched_at = excluded.touched_at;
$$;

-- In the trigger that there is: another would be one more condition at each claim and each finish.
CREATE OR REPLACE FUNCTION delete_pages_of_failed_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM document_pages WHERE job_id = NEW.id;
  IF NEW.result_blob_key IS NOT NULL THEN
    PERFORM disown_blob(NEW.result_blob_key);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION disown_replaced_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM disown_blob(OLD.result_blob_key);
  RETURN NULL;
END $$;
CREATE TRIGGER disown_replaced_result AFTER UPDATE OF result_blob_key ON document_processing_jobs
  FOR EACH ROW WHEN (OLD.result_blob_key <> NEW.result_blob_key OR (OLD.result_blob_key IS NOT NULL AND NEW.result_blob_key IS NULL))
  EXECUTE FUNCTION disown_replaced_result();

CREATE FUNCTION disown_results_of_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM disown_blob(result_blob_key) FROM deleted WHERE result_blob_key IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER disown_results AFTER DELETE ON document_processing_jobs
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION disown_results_of_jobs();
