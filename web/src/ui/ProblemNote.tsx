import { useTranslation } from 'react-i18next'
import { type ApiError, isRetryable } from '../api-error.ts'
import { useErrorWords } from './error-words.ts'
import { Icon } from './Icon.tsx'

type Props = { error: ApiError; onRetry?: () => void; onClose?: () => void }

/** An error in the page's language, with the server's own detail below. Trying again is offered only where it may help. */
export function ProblemNote({ error, onRetry, onClose }: Props) {
  const { t } = useTranslation()
  const { message, action } = useErrorWords()(error.code)
  return (
    <div className="note note-bad" role="alert">
      <Icon name="failed" />
      <div>
        <strong>{message}</strong> {action}
        {error.detail !== '' && <small className="muted">{error.detail}</small>}
      </div>
      {onRetry && isRetryable(error.code) && (
        <button type="button" className="button" onClick={onRetry}>
          {t('common.retry')}
        </button>
      )}
      {onClose && (
        <button type="button" className="button" onClick={onClose}>
          {t('common.close')}
        </button>
      )}
    </div>
  )
}
