-- Up Migration

-- What is attached to a mail is a document of its own. However often the mail's job is tried, each of its attachments is made once: the
-- unique index is what makes sure of it. A mail goes after its attachments: the key is the guard, documents/change-documents.ts the order.
ALTER TABLE documents
  ADD COLUMN parent_document_id uuid REFERENCES documents,
  ADD COLUMN parent_position integer,         -- among what is attached to it, from 1
  ADD CONSTRAINT position_iff_parent CHECK ((parent_document_id IS NULL) = (parent_position IS NULL)),
  ADD CONSTRAINT position_from_1 CHECK (parent_position > 0);
CREATE UNIQUE INDEX documents_of_parent ON documents (parent_document_id, parent_position) WHERE parent_document_id IS NOT NULL;
