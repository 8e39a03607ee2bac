import type { Document } from '@adp/contract/document.ts'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteDocument } from '../api.ts'
import { type ApiError, asApiError } from '../api-error.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'

type Props = { document: Document; onCancel: () => void; onRemoved: (document: Document) => void }

/** Asks, deletes, and stays with the reason if that does not work. */
export function RemoveDialog({ document, onCancel, onRemoved }: Props) {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)

  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal()
  }, [])

  async function remove(): Promise<void> {
    setBusy(true)
    try {
      await deleteDocument(document.id)
      onRemoved(document)
    } catch (thrown) {
      const failure = asApiError(thrown)
      // Somebody else was faster: it is gone, as was wished.
      if (failure.code === 'document_not_found') return onRemoved(document)
      setError(failure)
      setBusy(false)
    }
  }

  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={onCancel}>
      <h2 id={heading}>{t('remove.title')}</h2>
      <p>{t('remove.text', { name: document.filename })}</p>
      {error && <ProblemNote error={error} />}
      <div className="buttons">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {t('common.cancel')}
        </button>
        <button type="button" className="button danger" aria-disabled={busy} onClick={() => !busy && void remove()}>
          {t('remove.confirm')}
        </button>
      </div>
    </dialog>
  )
}
