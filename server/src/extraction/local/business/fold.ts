/** Bare letters of a word or a label: no case, no accents, no punctuation, so that "Nº", "N.º" and "no" are the same. `#` and `%` stay. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}#%]/gu, '')
