import type { ApiError } from '../api-error.ts'

/** Something that people who do not see the table have to hear. */
export type Announcement =
  | { kind: 'completed' | 'no_text'; name: string }
  | { kind: 'failed' | 'upload_failed'; name: string; code: ApiError['code'] }

/** What to say: one event in full, or how many there were of a kind. */
export type Sentence = Announcement | { kind: Announcement['kind']; count: number }

const KINDS = ['completed', 'no_text', 'failed', 'upload_failed'] as const
// With more than this of one kind in a second, their names one after the other are noise.
const NAMED_AT_MOST = 2

/** The sentences for what happened within a moment: few are named, many are counted. */
export function summarise(announcements: readonly Announcement[]): Sentence[] {
  return KINDS.flatMap((kind): Sentence[] => {
    const these = announcements.filter((announcement) => announcement.kind === kind)
    return these.length > NAMED_AT_MOST ? [{ kind, count: these.length }] : these
  })
}

type Listener = (announcement: Announcement) => void
const listeners = new Set<Listener>()

export function announce(announcement: Announcement): void {
  for (const listener of listeners) listener(announcement)
}

export function onAnnouncement(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
