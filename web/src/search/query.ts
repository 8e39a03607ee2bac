const MAX_LENGTH = 200 // the contract's

/** What the server would take of a query that somebody typed, or wrote into the address. */
export const cleanQuery = (text: string): string => text.replaceAll('\0', '').trim().slice(0, MAX_LENGTH).toWellFormed()
