-- Up Migration

-- Words and lines of pages that this server has read itself, as integers (extraction/local/packed-text.ts): a fifth of their JSON, stored in half
-- of the time. Other pages, and those that are here already, have them in `page`.
ALTER TABLE document_pages ADD COLUMN packed_text bytea;
