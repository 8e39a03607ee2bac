import { join } from 'node:path'

/**
 * Where the child writes the bytes of an attachment, and the parent looks for them: it takes no path from a process that parses what
 * strangers send.
 */
export const attachmentPath = (folder: string, position: number): string => join(folder, `attachment-${position}`)
