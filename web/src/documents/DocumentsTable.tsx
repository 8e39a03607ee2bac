import type { Document } from '@adp/contract/document.ts'
import { useTranslation } from 'react-i18next'
import type { DocumentActions } from './actions.ts'
import { DocumentRow } from './DocumentRow.tsx'

/** The documents and where each stands, newest first. */
export function DocumentsTable({ documents, actions }: { documents: readonly Document[]; actions: DocumentActions }) {
  const { t } = useTranslation()
  return (
    <table className="card documents">
      <caption className="visually-hidden">{t('list.caption')}</caption>
      <thead>
        <tr>
          <th scope="col" className="cell-toggle">
            <span className="visually-hidden">{t('list.details')}</span>
          </th>
          <th scope="col" className="cell-name">
            {t('list.name')}
          </th>
          <th scope="col" className="cell-pages number">
            {t('list.pages')}
          </th>
          <th scope="col" className="cell-size number">
            {t('list.size')}
          </th>
          <th scope="col" className="cell-when">
            {t('list.when')}
          </th>
          <th scope="col" className="cell-status">
            {t('list.status')}
          </th>
          <th scope="col" className="cell-actions">
            <span className="visually-hidden">{t('list.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {documents.map((document) => (
          <DocumentRow key={document.id} document={document} actions={actions} />
        ))}
      </tbody>
    </table>
  )
}
