import { useTranslation } from 'react-i18next'
import type { QueueAnswer } from '../api.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'

/** Warns of a transaction that makes the queue slower, and says which it is. */
export function OldTransactionNote({ queue: { old_transaction }, at }: QueueAnswer) {
  const { t } = useTranslation()
  const format = useFormat()
  if (old_transaction === null) return null
  const age = format.age(at - Date.parse(old_transaction.since))
  return (
    <div className="note note-warn">
      <Icon name="warning" />
      <div>
        <strong>{t('queue.old_transaction', { age })}</strong>{' '}
        {t('queue.old_transaction_text', { who: old_transaction.who })}
      </div>
    </div>
  )
}
