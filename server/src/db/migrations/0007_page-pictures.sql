-- Up Migration

-- Pictures of pages, drawn when somebody looked at them. A document's bytes never change, so neither does a picture.
CREATE TABLE page_pictures (
  document_id uuid NOT NULL,                  -- no foreign key: the trigger below needs the rows after the document's is gone
  page_number integer NOT NULL CHECK (page_number > 0), -- in the file, not among the pages that were read
  width       integer NOT NULL CHECK (width > 0), -- that was asked for, in pixels
  blob_key    text NOT NULL UNIQUE,
  PRIMARY KEY (document_id, page_number, width)
);

-- The bytes of a document's pictures go as those of its results do: they are nobody's from here on, and housekeeping deletes them.
CREATE FUNCTION disown_pictures_of_documents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key text;
BEGIN
  FOR key IN DELETE FROM page_pictures USING deleted WHERE document_id = deleted.id RETURNING page_pictures.blob_key LOOP
    PERFORM disown_blob(key);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER disown_pictures AFTER DELETE ON documents
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION disown_pictures_of_documents();
