import type { Job } from '@adp/contract/job.ts'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'
import { isWithoutText } from './phase.ts'

/** Says that a document was read and nothing was found in it, and what may help. */
export function NoTextNote({ job }: { job: Job }) {
  const { t } = useTranslation()
  if (!isWithoutText(job)) return null
  return (
    <div className="note note-warn">
      <Icon name="warning" />
      <div>
        <strong>{t('result.no_text_at_all')}</strong> {t('result.no_text_action')}
      </div>
    </div>
  )
}
