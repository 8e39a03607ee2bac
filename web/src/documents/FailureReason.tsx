import type { Job } from '@adp/contract/job.ts'
import { useTranslation } from 'react-i18next'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/Icon.tsx'
import { isCanceled } from './phase.ts'

/** Why a job failed, or why its last try did, and what to do about it. That somebody canceled it is no fault. */
export function FailureReason({ job }: { job: Job }) {
  const { t } = useTranslation()
  const words = useErrorWords()
  if (job.error === null) return null
  const { code, detail } = job.error
  const { message, action } = words(code)
  const look = isCanceled(job) ? 'note' : job.status === 'FAILED' ? 'note note-bad' : 'note note-warn'
  return (
    <div className={look}>
      <Icon name={isCanceled(job) ? 'canceled' : 'failed'} />
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
