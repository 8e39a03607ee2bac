import type { Document } from '@adp/contract/document.ts'
import { useTranslation } from 'react-i18next'
import { documentAddress } from '../route.ts'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'
import type { DocumentActions } from './actions.ts'
import { isPartlyRead } from './phase.ts'

type Props = { document: Document; actions: DocumentActions }

/** Which pages of a document could not be read and why, and a way to read these alone once more. */
export function FailedPagesNote({ document, actions }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useErrorWords()
  const { id, job } = document
  if (!isPartlyRead(job)) return null
  const more = job.pages_failed - job.failed_pages.length
  return (
    <div className="note note-warn">
      <Icon name="warning" />
      <div>
        <strong>{t('failed_pages.title', { count: job.pages_failed, n: format.number(job.pages_failed) })}</strong>{' '}
        {t('failed_pages.action')}
        <ul className="failed-pages">
          {job.failed_pages.map(({ page_number, code, detail }) => (
            <li key={page_number}>
              <a href={documentAddress(id, page_number)}>
                {t('failed_pages.page', { page: format.number(page_number) })}
              </a>
              : {words(code).message}{' '}
              <small className="muted">
                {t('details.code')}: <code>{code}</code> · {t('details.technical')}: {detail}
              </small>
            </li>
          ))}
          {more > 0 && <li>{t('failed_pages.more', { count: more, n: format.number(more) })}</li>}
        </ul>
        <div className="buttons">
          <button type="button" className="button" onClick={() => actions.readFailedPages(document)}>
            <Icon name="again" />
            {t('failed_pages.again', { count: job.pages_failed })}
          </button>
        </div>
      </div>
    </div>
  )
}
