/** Fields that mails begin with (RFC 5322, 3.6); two of them make one. */
const FIELDS = new Set(
  'from to subject date cc message-id received return-path mime-version delivered-to content-type reply-to sender'.split(
    ' ',
  ),
)

/** Fields that only mail has. */
const TELLING = ['from', 'date', 'subject', 'received', 'message-id', 'return-path']

const FIELD = /^([\x21-\x39\x3b-\x7e]+):/

/** Whether a text begins as a mail does: with a block of fields. Mailboxes put a line before it. */
export const isMail = (lines: readonly string[]): boolean => {
  const names: string[] = []
  for (const [at, line] of lines.entries()) {
    if (line === '') break
    const name = FIELD.exec(line)?.[1]?.toLowerCase()
    if (name) names.push(name)
    else if (!(at > 0 && /^[ \t]/.test(line)) && !(at === 0 && line.startsWith('From '))) return false
  }
  const known = new Set(names.filter((name) => FIELDS.has(name)))
  return known.size >= 2 && TELLING.some((name) => known.has(name))
}
