const MAX_LENGTH = 255

/**
 * A name fit to be shown and stored: the last part of a path, without control and direction characters (which can make "gpj.exe" read as
 * "exe.jpg"), at most 255 characters with its ending kept. It is never used as a path.
 */
export function cleanFilename(given: string | undefined): string {
  const base = (given ?? '').normalize('NFC').toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const clean = base.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '').trim()
  if (clean === '' || clean === '.' || clean === '..') return 'unnamed'
  if (clean.length <= MAX_LENGTH) return clean
  const ending = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? ''
  return clean.slice(0, MAX_LENGTH - ending.length).toWellFormed() + ending
}
