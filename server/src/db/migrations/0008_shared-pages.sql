-- Up Migration

-- Pages that the holder of a job offers to any worker with a slot free. A row goes with the page that is stored, and all rows of a job go
-- when it is no longer held: there is one only while the claim that offered it holds.
CREATE TABLE shared_pages (
  job_id      bigint NOT NULL,                -- no foreign key, as with attempts; the triggers below do what it would
  page_number integer NOT NULL CHECK (page_number > 0), -- as in document_pages
  taken_by    integer,                        -- workers.id; of one that is not there any more the page is free again
  reader      uuid,                           -- which of that worker's readers has it; one reads one page at a time
  holder_only boolean NOT NULL DEFAULT false, -- somebody failed at it: the holder reads it itself, so that its own attempt says why
  PRIMARY KEY (job_id, page_number),
  CONSTRAINT taken_by_a_reader CHECK ((taken_by IS NULL) = (reader IS NULL))
);

CREATE FUNCTION delete_shared_pages_of_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM shared_pages USING deleted WHERE job_id = deleted.id;
  RETURN NULL;
END $$;
CREATE TRIGGER delete_shared_pages AFTER DELETE ON document_processing_jobs
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION delete_shared_pages_of_jobs();

-- In a trigger for the reason that pages are deleted in one. Whatever takes a job from its holder unfinished makes it PENDING or FAILED, and
-- of one that is COMPLETED all pages are stored; so a claim and a completion, which are most of what happens to jobs, have no part in it.
CREATE FUNCTION delete_shared_pages_of_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM shared_pages WHERE job_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER delete_shared_pages_of_lost_job AFTER UPDATE OF status ON document_processing_jobs
  FOR EACH ROW WHEN (OLD.status = 'PROCESSING' AND NEW.status IN ('PENDING', 'FAILED')) EXECUTE FUNCTION delete_shared_pages_of_job();
