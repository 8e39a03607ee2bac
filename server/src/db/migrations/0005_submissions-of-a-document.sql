-- Up Migration

-- A document that is processed again finds by it what an earlier job of it has paid for and not fetched.
CREATE INDEX provider_submissions_of_document ON provider_submissions (document_id);
