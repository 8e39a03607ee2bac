import type { Job } from '@adp/contract/job.ts'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api-error.ts'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'
import { phaseWords, statusLook } from './phase.ts'

/**
 * Icon and words. With an error and `onPress` the words are a button: what happened and what to do shows on hover and
 * focus, a press opens the details. Below a failed one stands at once what happened.
 */
export function StatusCell({ job, onPress }: { job: Job; onPress?: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { icon, className } = statusLook(job)
  const look = (
    <>
      <Icon name={icon} />
      <span>{phaseWords(job, t, format, Date.now())}</span>
    </>
  )
  if (job.error === null || onPress === undefined) return <span className={className}>{look}</span>
  return (
    <WithReason code={job.error.code} brief={job.status === 'FAILED'} className={className} onPress={onPress}>
      {look}
    </WithReason>
  )
}

type WithReasonProps = {
  code: ApiError['code']
  /** Whether the sentence stands below, too. */
  brief: boolean
  className: string
  onPress: () => void
  children: ReactNode
}

function WithReason({ code, brief, className, onPress, children }: WithReasonProps) {
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
      {brief && <span className="brief">{reason.message}</span>}
      <span role="tooltip" id={id} className="reason" hidden={!shown}>
        <strong>{reason.message}</strong> {reason.action}
      </span>
    </span>
  )
}
