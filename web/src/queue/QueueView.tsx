import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { resumeQueue } from '../api.ts'
import { type ApiError, asApiError } from '../api-error.ts'
import { Icon } from '../ui/Icon.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { DeadLetters } from './DeadLetters.tsx'
import { Figures } from './Figures.tsx'
import { OldTransactionNote } from './OldTransactionNote.tsx'
import { PauseDialog } from './PauseDialog.tsx'
import { PausedNote } from './PausedNote.tsx'
import { useQueue } from './use-queue.ts'
import { Workers } from './Workers.tsx'

/** For the operator: where the queue stands, who works on it, what failed, and the switch that stops it. */
export function QueueView({ heading }: { heading: RefObject<HTMLHeadingElement | null> }) {
  const { t } = useTranslation()
  const { data, error, mutate } = useQueue()
  const [pausing, setPausing] = useState(false)
  const [resumeError, setResumeError] = useState<ApiError | null>(null)
  const paused = data?.queue.paused ?? null

  async function resume(): Promise<void> {
    setResumeError(null)
    await resumeQueue().catch((thrown: unknown) => setResumeError(asApiError(thrown)))
    await mutate()
  }

  return (
    <>
      <div className="queue-head">
        <h1 ref={heading} tabIndex={-1}>
          {t('queue.title')}
        </h1>
        {data && (
          <button type="button" className="button" onClick={() => (paused ? void resume() : setPausing(true))}>
            <Icon name={paused ? 'resume' : 'pause'} />
            {t(paused ? 'queue.resume' : 'queue.pause')}
          </button>
        )}
      </div>
      {error && <ProblemNote error={error} onRetry={() => void mutate()} />}
      {resumeError && <ProblemNote error={resumeError} onClose={() => setResumeError(null)} />}
      <PausedNote paused={paused} />
      {!data && !error && <p className="muted loading">{t('common.loading')}</p>}
      {data && (
        <>
          <OldTransactionNote {...data} />
          <Figures {...data} />
          <Workers {...data} />
          <DeadLetters count={data.queue.dead_letters} />
        </>
      )}
      {pausing && <PauseDialog onPaused={() => mutate()} onClose={() => setPausing(false)} />}
    </>
  )
}
