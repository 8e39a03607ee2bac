import type { Job, JobStatus } from '@adp/contract/job.ts'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api-error.ts'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon, type IconName } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'
import { phaseWords } from './phase.ts'

const ICONS: Record<JobStatus, IconName> = {
  PENDING: 'spinner',
  PROCESSING: 'spinner',
  COMPLETED: 'check',
  FAILED: 'failed',
}

/** Icon and words. With an error the words are a button: its reason shows on hover and focus, a press opens the details. */
export function StatusCell({ job, onPress }: { job: Job; onPress?: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const look = (
    <>
      <Icon name={ICONS[job.status]} />
      <span>{phaseWords(job, t, format, Date.now())}</span>
    </>
  )
  const className = `status status-${job.status.toLowerCase()}`
  if (job.error === null || onPress === undefined) return <span className={className}>{look}</span>
  return (
    <WithReason code={job.error.code} className={className} onPress={onPress}>
      {look}
    </WithReason>
  )
}

type WithReasonProps = {
  code: ApiError['code']
  className: string
  onPress: () => void
  children: ReactNode
}

function WithReason({ code, className, onPress, children }: WithReasonProps) {
  const reason = useErrorWords()(code)
  const id = useId()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!shown) return
    // Takes the bubble away without moving the mouse or the focus (WCAG 1.4.13).
    const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && setShown(false)
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [shown])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the mouse may move from the button onto the bubble; by keyboard the button itself shows it
    <span className="with-reason" onMouseEnter={() => setShown(true)} onMouseLeave={() => setShown(false)}>
      <button
        type="button"
        className={className}
        aria-describedby={id}
        onClick={onPress}
        onFocus={() => setShown(true)}
        onBlur={() => setShown(false)}
      >
        {children}
      </button>
      <span role="tooltip" id={id} className="reason" hidden={!shown}>
        <strong>{reason.message}</strong> {reason.action}
      </span>
    </span>
  )
}
