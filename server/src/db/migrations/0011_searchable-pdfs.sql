-- Up Migration

-- The original of a document with a result's text on its pages, made when somebody asked for it. A job's result never changes.
CREATE TABLE searchable_pdfs (
  job_id   bigint PRIMARY KEY,                -- no foreign key: the trigger below needs the rows after the job's is gone
  blob_key text UNIQUE                        -- null: every page of the original says its text itself
);

-- The bytes are nobody's when their job goes, and housekeeping deletes them.
CREATE FUNCTION disown_searchable_pdfs_of_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key text;
BEGIN
  FOR key IN DELETE FROM searchable_pdfs USING deleted WHERE job_id = deleted.id RETURNING searchable_pdfs.blob_key LOOP
    IF key IS NOT NULL THEN
      PERFORM disown_blob(key);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER disown_searchable_pdfs AFTER DELETE ON document_processing_jobs
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION disown_searchable_pdfs_of_jobs();
