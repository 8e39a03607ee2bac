import type { ApiError } from '../api-error.ts'

/** Something that people who do not see the table have to hear. `count` stands for so many of a kind at once. */
export type Announcement =
  | { kind: 'completed' | 'partly_read' | 'no_text' | 'canceled' | 'requeued'; name: string }
  | { kind: 'failed' | 'upload_failed'; name: string; code: ApiError['code'] }
  | { kind: 'requeued'; count: number }

/** What to say: one event in full, or how many there were of a kind. */
export type Sentence = Announcement | { kind: Announcement['kind']; count: number }

const KINDS = ['completed', 'partly_read', 'no_text', 'failed', 'canceled', 'requeued', 'upload_failed'] as const
// With more than this of one kind in a second, their names one after the other are noise.
const NAMED_AT_MOST = 2

/** The sentences for what happened within a moment: few are named, many are counted. */
export function summarise(announcements: readonly Announcement[]): Sentence[] {
  return KINDS.flatMap((kind): Sentence[] => {
    const these = announcements.filter((announcement) => announcement.kind === kind)
    const count = these.reduce((sum, announcement) => sum + ('count' in announcement ? announcement.count : 1), 0)
    return count > NAMED_AT_MOST ? [{ kind, count }] : these
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
