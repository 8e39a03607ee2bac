import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { useFormat } from '../ui/use-format.ts'
import { COUNTED_UP_TO } from './dead-letters.ts'

type Props = { count: number; onConfirm: () => Promise<void>; onClose: () => void }

/** Asks before everything that failed is processed again: that may be much, and cost much. */
export function RetryAllDialog({ count, onConfirm, onClose }: Props) {
  const { t } = useTranslation()
  const n = useFormat().number(count)
  return (
    <ConfirmDialog
      title={t('queue.retry_all_title')}
      confirm={t('queue.retry_all')}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>{count < COUNTED_UP_TO ? t('queue.retry_all_text', { count, n }) : t('queue.retry_all_more', { n })}</p>
    </ConfirmDialog>
  )
}
