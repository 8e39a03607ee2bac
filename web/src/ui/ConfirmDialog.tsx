import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiError, asApiError } from '../api-error.ts'
import { ProblemNote } from './ProblemNote.tsx'

type Props = {
  title: string
  confirm: string
  danger?: boolean
  children: ReactNode
  onConfirm: () => Promise<void>
  /** After it was done, and when nothing is to be done. */
  onClose: () => void
}

/** Asks, does it, and stays with the reason if that does not work. */
export function ConfirmDialog({ title, confirm, danger = false, children, onConfirm, onClose }: Props) {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)

  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal()
  }, [])

  async function run(): Promise<void> {
    setBusy(true)
    try {
      await onConfirm()
      dialog.current?.close() // which gives the focus back to what had it
    } catch (thrown) {
      setError(asApiError(thrown))
      setBusy(false)
    }
  }

  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void run()
        }}
      >
        <h2 id={heading}>{title}</h2>
        {children}
        {error && <ProblemNote error={error} />}
        <div className="buttons">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {t('common.cancel')}
          </button>
          <button type="submit" className={danger ? 'button danger' : 'button primary'} aria-disabled={busy}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}
