import { isFinished } from '@adp/contract/job.ts'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentFilter } from '../api.ts'
import { PausedNote } from '../queue/PausedNote.tsx'
import { usePause } from '../queue/use-queue.ts'
import { TextHits } from '../search/TextHits.tsx'
import { useTextHits } from '../search/use-text-hits.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { UploadButton } from '../upload/UploadButton.tsx'
import type { DocumentActions } from './actions.ts'
import { DocumentsTable } from './DocumentsTable.tsx'
import { EmptyList } from './EmptyList.tsx'
import { Filters } from './Filters.tsx'
import { NO_FILTER } from './filter.ts'
import { useDocuments } from './use-documents.ts'

type Props = {
  filter: DocumentFilter
  onFilter: (filter: DocumentFilter) => void
  onFiles: (files: File[]) => void
  actions: DocumentActions
  /** Stands between the buttons and the table, so that it moves neither button when it comes. */
  children: ReactNode
}

/** The list with its filters: loading, away, empty, or full; what somebody looks for is looked for in names and in texts. */
export function DocumentsView({ filter, onFilter, onFiles, actions, children }: Props) {
  const { t } = useTranslation()
  const { documents, error, hasMore, loadingMore, loadMore, reload } = useDocuments(filter)
  const paused = usePause(documents?.some(({ job }) => !isFinished(job.status)) ?? false)
  // Only what is done has a text.
  const searchesTexts = filter.status === '' || filter.status.includes('COMPLETED')
  const found = useTextHits(searchesTexts ? filter.filename : null)
  const filtered = filter.status !== '' || filter.filename !== ''
  const empty = documents?.length === 0
  const nothing = empty && (found.q === '' || found.hits?.length === 0)
  return (
    <>
      <div className="toolbar">
        <UploadButton onFiles={onFiles} />
        <span className="muted drop-hint">{t('upload.hint')}</span>
        {(!empty || filtered) && <Filters filter={filter} onChange={onFilter} />}
      </div>
      {children}
      <PausedNote paused={paused} />
      {error && <ProblemNote error={error} onRetry={reload} />}
      {documents === undefined && !error && <p className="muted loading">{t('common.loading')}</p>}
      {nothing && <EmptyList filtered={filtered} onClear={() => onFilter(NO_FILTER)} />}
      {documents && !empty && <DocumentsTable documents={documents} actions={actions} />}
      {hasMore && (
        <button type="button" className="button more" aria-disabled={loadingMore} onClick={loadMore}>
          {t(loadingMore ? 'common.loading' : 'list.more')}
        </button>
      )}
      {found.q !== '' && !nothing && <TextHits found={found} />}
    </>
  )
}
