/** Reads a choice that was remembered in this browser; null if there is none or the browser keeps nothing. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // storage is switched off
  }
}

/** Remembers a choice in this browser, if it keeps anything. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Storage is switched off: the choice holds until the page is closed.
  }
}
