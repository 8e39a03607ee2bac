-- Only the kill tests' database has this: before each of these steps of a document is a gate, which the test may hold closed. Whoever
-- waits at one has had all its earlier statements answered, and this one has changed nothing yet.
CREATE FUNCTION pass_gate(document uuid, gate text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock_shared(hashtextextended(document || gate, 0));
$$;

CREATE FUNCTION pass_submission_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pass_gate(NEW.document_id, CASE TG_OP WHEN 'INSERT' THEN 'mark' ELSE 'settle' END);
  RETURN NEW;
END $$;
CREATE TRIGGER gate_of_mark BEFORE INSERT ON provider_submissions FOR EACH ROW EXECUTE FUNCTION pass_submission_gate();
CREATE TRIGGER gate_of_settling BEFORE UPDATE ON provider_submissions
  FOR EACH ROW WHEN (OLD.outcome = 'UNKNOWN') EXECUTE FUNCTION pass_submission_gate();

CREATE FUNCTION pass_job_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pass_gate(NEW.document_id, CASE
    WHEN NEW.status = 'COMPLETED' THEN 'complete'
    WHEN OLD.operation IS NULL AND NEW.operation IS NOT NULL THEN 'operation'
    WHEN NEW.status = 'PROCESSING' AND OLD.locked_by IS NOT NULL AND NEW.locked_by IS NULL THEN 'let go'
    ELSE '' END);
  RETURN NEW;
END $$;
CREATE TRIGGER gate_of_job BEFORE UPDATE ON document_processing_jobs FOR EACH ROW EXECUTE FUNCTION pass_job_gate();

CREATE FUNCTION pass_page_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pass_gate((SELECT document_id FROM document_processing_jobs WHERE id = NEW.job_id), 'page ' || NEW.page_number);
  RETURN NEW;
END $$;
CREATE TRIGGER gate_of_page BEFORE INSERT ON document_pages FOR EACH ROW EXECUTE FUNCTION pass_page_gate();
