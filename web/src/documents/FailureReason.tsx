import type { Job } from '@adp/contract/job.ts'
import { useTranslation } from 'react-i18next'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/Icon.tsx'

/** Why a job failed, or why its last try did, and what to do about it. */
export function FailureReason({ job }: { job: Job }) {
  const { t } = useTranslation()
  const words = useErrorWords()
  if (job.error === null) return null
  const { code, detail } = job.error
  const { message, action } = words(code)
  return (
    <div className={job.status === 'FAILED' ? 'note note-bad' : 'note note-warn'}>
      <Icon name="failed" />
      <div>
        {job.status !== 'FAILED' && <strong>{t('details.last_try')}: </strong>}
        <strong>{message}</strong> {action}
        <small className="muted">
          {t('details.code')}: <code>{code}</code>
          {detail !== '' && ` · ${t('details.technical')}: ${detail}`}
        </small>
      </div>
    </div>
  )
}
