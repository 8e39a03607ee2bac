-- Up Migration

-- Text as it is searched: ligatures are letters, punctuation is a space (so that INV-2024/17 is three words, and not what PostgreSQL's
-- parser makes of signs, addresses and file names). documents/search-words.ts does the same, to mark what was found.
CREATE FUNCTION search_text(content text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN regexp_replace(CASE WHEN content IS NFKC NORMALIZED THEN content ELSE normalize(content, NFKC) END,
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u303f]+', ' ', 'g');

-- By what is in PostgreSQL itself: the extension `unaccent` is not on every server, and its rules may change under an index.
CREATE FUNCTION search_without_accents(content text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN octet_length(content) = length(content) THEN content
         ELSE regexp_replace(normalize(content, NFD), '[\u0300-\u036f]+', '', 'g') END;

-- A page's words, three times: as they are, and as English and as Portuguese stems, since nobody says which language a page is in, and many
-- have more than one. Portuguese stems are made with accents, which its rules need. A tsvector may have 1 MB; no word takes more than four
-- bytes of it for a character, so the first 80,000 characters of a page, some twenty times a full one, always fit.
CREATE FUNCTION search_words_of(content text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  accented text := left(public.search_text(left(content, 80000)), 80000);
  plain text := left(public.search_without_accents(accented), 80000);
BEGIN
  RETURN to_tsvector('pg_catalog.simple', plain) || to_tsvector('pg_catalog.english', plain)
    || to_tsvector('pg_catalog.portuguese', accented);
END $$;

-- Stored, since a rank needs it for each page that is found. What it costs a page that is written: npm run bench:search.
ALTER TABLE document_pages ADD COLUMN search_words tsvector GENERATED ALWAYS AS (search_words_of(content)) STORED;
CREATE INDEX document_pages_search_words ON document_pages USING gin (search_words);

-- Names are found by any part of them, in any case, with or without accents.
CREATE FUNCTION search_name(filename text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lower(search_without_accents(filename));

-- It is on the embedded server and wherever PostgreSQL's contrib modules are, and needs no superuser. Without it names are found all the
-- same, by reading all of them: a second for a few hundred thousand.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN undefined_file OR feature_not_supported OR insufficient_privilege THEN
  RAISE NOTICE 'pg_trgm cannot be used: %', SQLERRM;
END $$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)) THEN
    CREATE INDEX documents_search_name ON documents USING gin (search_name(filename) gin_trgm_ops);
  END IF;
END $$;
