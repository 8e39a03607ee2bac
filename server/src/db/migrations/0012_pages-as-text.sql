-- Up Migration

-- A page is written once, and read as a whole: as text it takes half of the time to store, and no more room. Its parts are looked into.
ALTER TABLE document_pages ALTER COLUMN page TYPE json USING page::json;
