import type { Job } from '@adp/contract/job.ts'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api-error.ts'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'
import { isCanceled, phaseWords, statusLook } from './phase.ts'
import { type Place, placeWords } from './place.ts'

/**
 * Icon and words. With an error and `onPress` the words are a button: what happened and what to do shows on hover and
 * focus, a press opens the details. Below a failed one stands at once what happened, below a waiting one its place.
 */
export function StatusCell({ job, place, onPress }: { job: Job; place: Place | null; onPress?: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useErrorWords()
  const now = Date.now()
  const { icon, className } = statusLook(job)
  const look = (
    <>
      <Icon name={icon} />
      <span>{phaseWords(job, t, format, now)}</span>
    </>
  )
  const placed = placeWords(job, place, t, format, now)
  const below = placed && <span className="brief place">{placed}</span>
  if (job.error === null || onPress === undefined)
    return (
      <span className="with-reason">
        <span className={className}>{look}</span>
        {below}
      </span>
    )
  const { code } = job.error
  const failed = job.status === 'FAILED' && !isCanceled(job)
  const brief = failed ? <span className="brief">{words(code).message}</span> : below
  return (
    <WithReason code={code} below={brief} className={className} onPress={onPress}>
      {look}
    </WithReason>
  )
}

type WithReasonProps = {
  code: ApiError['code']
  below: ReactNode
  className: string
  onPress: () => void
  children: ReactNode
}

function WithReason({ code, below, className, onPress, children }: WithReasonProps) {
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
      {below}
      <span role="tooltip" id={id} className="reason" hidden={!shown}>
        <strong>{reason.message}</strong> {reason.action}
      </span>
    </span>
  )
}
