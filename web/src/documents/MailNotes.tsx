import type { Document } from '@adp/contract/document.ts'
import { useTranslation } from 'react-i18next'
import { documentAddress } from '../route.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'

type Props = { document: Pick<Document, 'parent_document_id' | 'parent_filename' | 'attachment_count'> }

/** What a document is attached to, and how much is attached to it. */
export function MailNotes({ document }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { parent_document_id: parent, parent_filename, attachment_count: count } = document
  if (parent === null && count === 0) return null
  return (
    <span className="mail-notes">
      <Icon name="clip" />
      {parent !== null && (
        <span>
          {t('attachments.of')} <a href={documentAddress(parent)}>{parent_filename}</a>
        </span>
      )}
      {count > 0 && <span>{t('attachments.count', { count, n: format.number(count) })}</span>}
    </span>
  )
}
