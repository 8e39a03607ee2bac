import { useTranslation } from 'react-i18next'
import type { QueueAnswer } from '../api.ts'
import { useFormat } from '../ui/use-format.ts'

/** How many jobs wait, run, and end, and how long the oldest has waited. */
export function Figures({ queue, at }: QueueAnswer) {
  const { t } = useTranslation()
  const format = useFormat()
  const oldest = queue.oldest_due_at
  const figures = {
    waiting: format.number(queue.waiting),
    running: format.number(queue.running),
    retrying: format.number(queue.retrying),
    with_provider: format.number(queue.with_provider),
    rate: format.rate(queue.finished_per_minute),
    oldest: oldest === null ? t('queue.nobody_waits') : format.age(at - Date.parse(oldest)),
  }
  return (
    <dl className="figures" aria-label={t('queue.figures')}>
      {Object.entries(figures).map(([name, value]) => (
        <div key={name} className="card">
          <dt>{t(`queue.${name as keyof typeof figures}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
