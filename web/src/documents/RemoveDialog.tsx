import type { Document } from '@adp/contract/document.ts'
import { useTranslation } from 'react-i18next'
import { deleteDocument } from '../api.ts'
import { asApiError } from '../api-error.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { useFormat } from '../ui/use-format.ts'

type Props = { document: Document; onCancel: () => void; onRemoved: (document: Document) => void }

/** Asks before a document is deleted. */
export function RemoveDialog({ document, onCancel, onRemoved }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const count = document.attachment_count

  async function remove(): Promise<void> {
    await deleteDocument(document.id).catch((thrown: unknown) => {
      // Somebody else was faster: it is gone, as was wished.
      if (asApiError(thrown).code !== 'document_not_found') throw thrown
    })
    onRemoved(document)
  }

  return (
    <ConfirmDialog title={t('remove.title')} confirm={t('remove.confirm')} danger onConfirm={remove} onClose={onCancel}>
      <p>{t('remove.text', { name: document.filename })}</p>
      {count > 0 && <p>{t('remove.attachments', { count, n: format.number(count) })}</p>}
    </ConfirmDialog>
  )
}
