-- Up Migration

-- Why a page could not be read; null: it could. Such a page is empty, and its document is COMPLETED with it when others could be read.
ALTER TABLE document_pages
  ADD COLUMN error_code text,
  ADD COLUMN error_log text,
  ADD CONSTRAINT failed_page_is_empty CHECK (error_code IS NULL OR content = ''),
  ADD CONSTRAINT failed_page_has_reason CHECK ((error_code IS NULL) = (error_log IS NULL));
-- The failed pages of each document of a list are looked for; nearly all have none.
CREATE INDEX document_pages_failed ON document_pages (job_id, page_number) WHERE error_code IS NOT NULL;
