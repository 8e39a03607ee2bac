import type { DeadLetter } from '@adp/contract/queue.ts'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiError, asApiError } from '../api-error.ts'
import { Icon } from '../ui/Icon.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useFormat } from '../ui/use-format.ts'
import { DeadLetterRow } from './DeadLetterRow.tsx'
import { COUNTED_UP_TO } from './dead-letters.ts'
import { RetryAllDialog } from './RetryAllDialog.tsx'
import { useDeadLetters } from './use-dead-letters.ts'

/** The documents that failed for good, and how to process them again, one by one or all. */
export function DeadLetters({ count }: { count: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { letters, error, hasMore, loadingMore, loadMore, reload, retry, retryAll } = useDeadLetters()
  const [asking, setAsking] = useState(false)
  const [retryError, setRetryError] = useState<ApiError | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const headingId = useId()
  const n = format.number(count)
  const some = letters !== undefined && letters.length > 0

  function again(letter: DeadLetter, next: HTMLElement | null): void {
    const focused = next ?? heading.current
    focused?.focus() // before its own button is gone, and the focus with it
    setRetryError(null)
    retry(letter).catch((thrown: unknown) => setRetryError(asApiError(thrown)))
  }

  return (
    <section className="queue-part" aria-labelledby={headingId}>
      <div className="queue-head">
        <h2 ref={heading} id={headingId} tabIndex={-1}>
          {t('queue.dead_letters')}{' '}
          <span className="muted">{count < COUNTED_UP_TO ? n : t('queue.or_more', { n })}</span>
        </h2>
        <button type="button" className="button" aria-disabled={!some} onClick={() => some && setAsking(true)}>
          <Icon name="again" />
          {t('queue.retry_all')}
        </button>
      </div>
      {error && <ProblemNote error={error} onRetry={reload} />}
      {retryError && <ProblemNote error={retryError} onClose={() => setRetryError(null)} />}
      {letters && <p className="muted">{t(some ? 'queue.dead_letters_text' : 'queue.none_failed')}</p>}
      {some && (
        <table className="card plain-table dead-letters" aria-labelledby={headingId}>
          <thead>
            <tr>
              <th scope="col">{t('queue.name')}</th>
              <th scope="col">{t('queue.why')}</th>
              <th scope="col" className="number wide-only">
                {t('queue.attempts')}
              </th>
              <th scope="col" className="wide-only">
                {t('queue.when')}
              </th>
              <th scope="col">
                <span className="visually-hidden">{t('list.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <DeadLetterRow key={letter.document_id} letter={letter} onAgain={again} />
            ))}
          </tbody>
        </table>
      )}
      {hasMore && (
        <button type="button" className="button more" aria-disabled={loadingMore} onClick={loadMore}>
          {t(loadingMore ? 'common.loading' : 'list.more')}
        </button>
      )}
      {asking && <RetryAllDialog count={count} onConfirm={retryAll} onClose={() => setAsking(false)} />}
    </section>
  )
}
