import type { Document } from '@adp/contract/document.ts'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { SWRConfig } from 'swr'
import { uploadFile } from './api.ts'
import { useDocumentActions } from './documents/actions.ts'
import { documentAdded, documentRemoved } from './documents/cache.ts'
import { DocumentsView } from './documents/DocumentsView.tsx'
import { RemoveDialog } from './documents/RemoveDialog.tsx'
import { announce } from './live/announcer.ts'
import { LiveRegion } from './live/LiveRegion.tsx'
import { useListAddress, useViewFocus } from './navigation.ts'
import { QueueView } from './queue/QueueView.tsx'
import { ResultView } from './result/ResultView.tsx'
import { retryAfterError } from './retry.ts'
import { goTo, listAddress, replaceRoute, useRoute } from './route.ts'
import { PageHead } from './ui/PageHead.tsx'
import { ProblemNote } from './ui/ProblemNote.tsx'
import { DropTarget } from './upload/DropTarget.tsx'
import { submitterId } from './upload/submitter.ts'
import { UploadPanel } from './upload/UploadPanel.tsx'
import { createUploader } from './upload/uploader.ts'

const uploader = createUploader(
  (file, key, onSent, signal) => uploadFile(file, { key, submitter: submitterId() }, onSent, signal),
  {
    onStored: documentAdded,
    onFailed: (file, { code }) => announce({ kind: 'upload_failed', name: file.name, code }),
  },
)

export function App() {
  const { t } = useTranslation()
  const route = useRoute()
  const list = useListAddress(route)
  const { actions, removing, error, cancelRemoval, clearError } = useDocumentActions()
  const heading = useViewFocus(route)

  function removed({ id }: Document): void {
    documentRemoved(id)
    // The button that had the focus is gone, and nothing outside the dialog takes it before the dialog is.
    flushSync(cancelRemoval)
    if (route.view === 'list') heading.current?.focus()
    else goTo(list)
  }

  return (
    <SWRConfig value={{ onErrorRetry: retryAfterError }}>
      <PageHead view={route.view} />
      <main>
        {error && <ProblemNote error={error} onClose={clearError} />}
        {route.view !== 'list' && <UploadPanel uploader={uploader} />}
        {route.view === 'queue' && <QueueView heading={heading} />}
        {route.view === 'document' && (
          <ResultView
            key={route.id}
            id={route.id}
            pageNumber={route.page}
            q={route.q}
            list={list}
            actions={actions}
            heading={heading}
          />
        )}
        {route.view === 'list' && (
          <>
            <h1 ref={heading} tabIndex={-1} className="visually-hidden">
              {t('app.title')}
            </h1>
            <DocumentsView
              filter={route.filter}
              onFilter={(filter) => replaceRoute(listAddress(filter))}
              onFiles={uploader.add}
              actions={actions}
            >
              <UploadPanel uploader={uploader} />
            </DocumentsView>
          </>
        )}
        <DropTarget onFiles={uploader.add} />
      </main>
      {removing && <RemoveDialog document={removing} onCancel={cancelRemoval} onRemoved={removed} />}
      <LiveRegion />
    </SWRConfig>
  )
}
