import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { recall, remember } from '../remembered.ts'
import { en } from './en.ts'
import { pt } from './pt.ts'

export const LANGUAGES = { en: 'English', pt: 'Português' } as const
export type Language = keyof typeof LANGUAGES

const KEY = 'language'

const isLanguage = (value: string | null | undefined): value is Language =>
  value != null && Object.hasOwn(LANGUAGES, value)

/** The remembered language, else the first of the browser's languages that there is, else English. */
export function chooseLanguage(remembered: string | null, browser: readonly string[]): Language {
  if (isLanguage(remembered)) return remembered
  return browser.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

/** How numbers and dates are written: as in the reader's own country where the browser names one with this language. */
export function localeOf(language: string, browser: readonly string[]): string {
  const fallback = language === 'pt' ? 'pt-BR' : 'en-US'
  return browser.find((tag) => tag.toLowerCase().startsWith(`${language}-`) && isLocale(tag)) ?? fallback
}

/** Some systems let the browser name what Intl throws at, e.g. `en-US@posix` where LANG is C. */
function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0
  } catch {
    return false
  }
}

export function startLanguage(): i18n {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language === 'pt' ? 'pt-BR' : language
    document.title = i18next.t('app.title')
  })
  void i18next.use(initReactI18next).init({
    lng: chooseLanguage(recall(KEY), navigator.languages),
    fallbackLng: 'en',
    resources: { en: { translation: en }, pt: { translation: pt } },
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  })
  return i18next
}

export function setLanguage(language: Language): void {
  remember(KEY, language)
  void i18next.changeLanguage(language)
}
