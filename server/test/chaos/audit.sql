-- Only the chaos test's database has this: every change of a job, a page, an attempt, and every coming and going of a worker.
-- Changes of one job are in the order of `seq`: each holds the job's row until it commits.
CREATE TABLE audit (
  seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  txid       xid8 NOT NULL DEFAULT pg_current_xact_id(),
  writer     text NOT NULL DEFAULT current_setting('application_name'),
  table_name text NOT NULL,
  operation  text NOT NULL,
  row        jsonb NOT NULL
);

CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit (table_name, operation, row)
  VALUES (TG_TABLE_NAME, TG_OP, CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END - 'page');
  RETURN NULL;
END $$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON document_processing_jobs FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON document_processing_attempts FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON document_pages FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER audit AFTER INSERT OR DELETE ON workers FOR EACH ROW EXECUTE FUNCTION record_change();
