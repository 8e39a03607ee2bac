import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api-error.ts'
import type { ErrorWords } from '../i18n/en.ts'

/** What happened and what to do, in the page's language, for any error code. */
export function useErrorWords(): (code: ApiError['code']) => ErrorWords {
  const { t } = useTranslation()
  return (code) => ({ message: t(`errors.${code}.message`), action: t(`errors.${code}.action`) })
}
