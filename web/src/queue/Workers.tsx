import type { Worker } from '@adp/contract/queue.ts'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueueAnswer } from '../api.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'
import { silence } from './silence.ts'

/** Every worker with its slots and when it was last heard of. */
export function Workers({ queue: { workers }, at }: QueueAnswer) {
  const { t } = useTranslation()
  const heading = useId()
  return (
    <section className="queue-part" aria-labelledby={heading}>
      <h2 id={heading}>{t('queue.workers')}</h2>
      {workers.length === 0 ? (
        <div className="note note-warn">
          <Icon name="warning" />
          <div>
            <strong>{t('queue.no_workers')}</strong> {t('queue.no_workers_text')}
          </div>
        </div>
      ) : (
        <table className="card plain-table workers" aria-labelledby={heading}>
          <thead>
            <tr>
              <th scope="col">{t('queue.worker')}</th>
              <th scope="col" className="number">
                {t('queue.slots')}
              </th>
              <th scope="col">{t('queue.beat')}</th>
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <WorkerRow key={worker.id} worker={worker} at={at} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function WorkerRow({ worker, at }: { worker: Worker; at: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { name, version, slots, running, started_at } = worker
  const { ms, stale } = silence(worker, at)
  const age = format.age(ms)
  return (
    <tr>
      <th scope="row">
        {name}
        <span className="meta">
          {t('queue.version', { version })} · {t('queue.since', { when: format.when(started_at, at) })}
        </span>
      </th>
      <td className="number">
        {t('queue.slots_of', { running: format.number(running), slots: format.number(slots) })}
      </td>
      <td>
        {stale ? (
          <span className="stale">
            <Icon name="warning" />
            {t('queue.stale', { age })}
          </span>
        ) : (
          t('queue.ago', { age })
        )}
      </td>
    </tr>
  )
}
