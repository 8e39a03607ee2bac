import type { Queue } from '@adp/contract/queue.ts'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'

/** Says that nothing new starts, since when, and why. The place it comes to is there before, so that it is read out. */
export function PausedNote({ paused }: { paused: Queue['paused'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div aria-live="polite" className="live-place">
      {paused && (
        <div className="note note-warn paused">
          <Icon name="pause" />
          <div>
            <strong>{t('queue.paused', { when: format.when(paused.since, Date.now()) })}</strong>{' '}
            {t('queue.paused_text')}
            {paused.reason !== '' && <p>{t('queue.reason', { reason: paused.reason })}</p>}
          </div>
        </div>
      )}
    </div>
  )
}
