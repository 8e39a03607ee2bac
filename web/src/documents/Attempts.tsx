import type { Attempt, Job } from '@adp/contract/job.ts'
import { useTranslation } from 'react-i18next'
import { useErrorWords } from '../ui/error-words.ts'
import { useFormat } from '../ui/use-format.ts'

/** Every try of a document, newest first: when, where, and how it ended. */
export function Attempts({ attempts, job }: { attempts: readonly Attempt[]; job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const used = { used: format.number(job.attempts), max: format.number(job.max_attempts) }
  return (
    <div className="attempts">
      <h2>
        {t('details.attempts')} <small className="muted">{t('details.attempts_used', used)}</small>
      </h2>
      {attempts.length === 0 ? (
        <p className="muted">{t('details.no_attempts')}</p>
      ) : (
        <ol>
          {attempts.map((attempt) => (
            <AttemptLine key={`${attempt.job_id}/${attempt.attempt}/${attempt.started_at}`} attempt={attempt} />
          ))}
        </ol>
      )}
    </div>
  )
}

function AttemptLine({
  attempt: { attempt, worker, started_at, ended_at, outcome, error_code, error_log },
}: {
  attempt: Attempt
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useErrorWords()
  return (
    <li>
      <strong>
        {t('details.attempt')} {format.number(attempt)}:{' '}
        {outcome === null ? t('details.running') : t(`outcome.${outcome}`)}
      </strong>
      <span>
        <time dateTime={started_at}>{format.exact(started_at)}</time>
        {ended_at !== null && ` – ${format.time(ended_at)}`}
      </span>
      <span className="muted">{worker ?? t('details.with_provider')}</span>
      {error_code !== null && (
        <span>
          {words(error_code).message} <code>{error_code}</code>
        </span>
      )}
      {error_log !== null && <small className="muted log">{error_log}</small>}
    </li>
  )
}
