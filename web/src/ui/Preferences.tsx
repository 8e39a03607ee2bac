import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LANGUAGES, type Language, setLanguage } from '../i18n/index.ts'
import { currentTheme, setTheme, THEMES, type Theme } from '../theme.ts'

/** The switches for language and theme. Both are remembered in this browser. */
export function Preferences() {
  const { t, i18n } = useTranslation()
  const [theme, setShownTheme] = useState(currentTheme)
  return (
    <div className="preferences">
      <select
        aria-label={t('app.language')}
        value={i18n.language}
        onChange={(event) => setLanguage(event.target.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label={t('app.theme')}
        value={theme}
        onChange={(event) => {
          const chosen = event.target.value as Theme
          setTheme(chosen)
          setShownTheme(chosen)
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {t(`theme.${name}`)}
          </option>
        ))}
      </select>
    </div>
  )
}
