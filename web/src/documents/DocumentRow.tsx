import type { Document } from '@adp/contract/document.ts'
import { memo, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentAddress } from '../route.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'
import { RowButtons } from './ActionButtons.tsx'
import type { DocumentActions } from './actions.ts'
import { MailNotes } from './MailNotes.tsx'
import { RowDetails } from './RowDetails.tsx'
import { StatusCell } from './StatusCell.tsx'
import { useStatusPolling } from './use-status-polling.ts'

type Props = { document: Document; actions: DocumentActions }

/** One document of the table. While it is pending it asks for its own status. */
export const DocumentRow = memo(function DocumentRow({ document, actions }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const details = useId()
  const place = useStatusPolling(document)

  const { filename, job, size_bytes, created_at } = document
  const toggle = () => setOpen(!open)
  const pages = job.pages_total
  const size = format.size(size_bytes)
  const when = <time dateTime={created_at}>{format.moment(created_at)}</time>
  return (
    <>
      <tr className={open ? 'row open' : 'row'}>
        <td className="cell-toggle">
          <button
            type="button"
            className="button icon-only"
            aria-expanded={open}
            aria-controls={open ? details : undefined}
            aria-label={t('list.show_details', { name: filename })}
            onClick={toggle}
          >
            <Icon name="chevron" />
          </button>
        </td>
        <th scope="row" className="cell-name">
          <a href={documentAddress(document.id)}>{filename}</a>
          <MailNotes document={document} />
          <span className="meta">
            {pages !== null && `${t('list.pages_count', { count: pages, n: format.number(pages) })} · `}
            {size} · {when}
          </span>
        </th>
        <td className="cell-pages number">{pages === null ? '–' : format.number(pages)}</td>
        <td className="cell-size number">{size}</td>
        <td className="cell-when">{when}</td>
        <td className="cell-status">
          <StatusCell job={job} place={place} onPress={toggle} />
        </td>
        <td className="cell-actions">
          <RowButtons document={document} actions={actions} />
        </td>
      </tr>
      {open && (
        <tr className="details" id={details}>
          <td colSpan={7}>
            <RowDetails document={document} actions={actions} />
          </td>
        </tr>
      )}
    </>
  )
})
