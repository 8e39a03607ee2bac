import { recall, remember } from './remembered.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'theme'

export function currentTheme(): Theme {
  const stored = recall(KEY)
  return THEMES.find((theme) => theme === stored) ?? 'auto'
}

/** `auto` follows the system: the style sheets' light-dark() looks at `color-scheme`, which data-theme sets. */
export function setTheme(theme: Theme): void {
  remember(KEY, theme)
  document.documentElement.dataset.theme = theme
}

export function startTheme(): void {
  document.documentElement.dataset.theme = currentTheme()
}
