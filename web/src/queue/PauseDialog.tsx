import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pauseQueue } from '../api.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'

const LONGEST_REASON = 500 // the contract's

type Props = { onPaused: () => Promise<unknown>; onClose: () => void }

/** Asks before the queue is paused, and for the reason that everybody is shown. */
export function PauseDialog({ onPaused, onClose }: Props) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const hint = useId()

  async function pause(): Promise<void> {
    await pauseQueue(reason)
    await onPaused()
  }

  return (
    <ConfirmDialog title={t('queue.pause_title')} confirm={t('queue.pause')} onConfirm={pause} onClose={onClose}>
      <p>{t('queue.pause_text')}</p>
      <label className="field">
        {t('queue.pause_reason')}
        <input
          maxLength={LONGEST_REASON}
          aria-describedby={hint}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <small id={hint} className="muted">
        {t('queue.pause_reason_hint')}
      </small>
    </ConfirmDialog>
  )
}
