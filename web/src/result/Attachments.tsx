import type { Document } from '@adp/contract/document.ts'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusCell } from '../documents/StatusCell.tsx'
import { documentAddress } from '../route.ts'
import { useFormat } from '../ui/use-format.ts'

/** The documents that were made of what is attached to a mail, and where each stands. */
export function Attachments({ attachments }: { attachments: readonly Document[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const heading = useId()
  if (attachments.length === 0) return null
  return (
    <section className="attachments" aria-labelledby={heading}>
      <h2 id={heading}>{t('attachments.title')}</h2>
      <ul>
        {attachments.map(({ id, filename, size_bytes, job }) => (
          <li key={id}>
            <a href={documentAddress(id)}>{filename}</a>
            <span className="muted">{format.size(size_bytes)}</span>
            <StatusCell job={job} place={null} />
          </li>
        ))}
      </ul>
    </section>
  )
}
