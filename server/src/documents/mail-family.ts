import type { Queryable } from '../db/client.ts'

/** Where a mail stands among those that it came with, and what is attached to it already. */
export type MailFamily = {
  /** How many mails it is within; 0 when it was uploaded itself. */
  depth: number
  /** How many documents came with the one that was uploaded, in all. */
  members: number
  /** How many were made of what is attached to this one, and how large they are together. */
  attached: number
  bytes: number
  /** Whether one was made of the attachment that was asked for. */
  made: boolean
}

/** What came with a mail, by way of the one that was uploaded. Those that are being deleted count: their place is taken. */
export async function readMailFamily(db: Queryable, mailId: string, position: number): Promise<MailFamily> {
  const { rows } = await db.query<MailFamily>(
    `WITH RECURSIVE above AS (
       SELECT id, parent_document_id, 0 AS depth FROM documents WHERE id = $1
       UNION ALL
       SELECT document.id, document.parent_document_id, depth + 1
       FROM above JOIN documents AS document ON document.id = above.parent_document_id),
     family AS (
       SELECT id FROM above WHERE parent_document_id IS NULL
       UNION ALL
       SELECT document.id FROM family JOIN documents AS document ON document.parent_document_id = family.id)
     SELECT (SELECT max(depth) FROM above) AS depth, (SELECT count(*) - 1 FROM family)::int AS members,
       count(*)::int AS attached, coalesce(sum(size_bytes), 0)::float8 AS bytes, coalesce(bool_or(parent_position = $2), false) AS made
     FROM documents WHERE parent_document_id = $1`,
    [mailId, position],
  )
  if (!rows[0]) throw new Error('An aggregate without a row')
  return rows[0]
}
