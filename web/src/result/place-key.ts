/** A key for what has no name but its place in a list: a result never changes, so its place is one. */
export const placeKey = (index: number): string => `${index}`
