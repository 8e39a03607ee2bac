import type { Document } from '@adp/contract/document.ts'
import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { SWRConfig } from 'swr'
import { uploadFile } from './api.ts'
import { useDocumentActions } from './documents/actions.ts'
import { documentAdded, documentRemoved } from './documents/cache.ts'
import { DocumentsView } from './documents/DocumentsView.tsx'
import { NO_FILTER } from './documents/filter.ts'
import { RemoveDialog } from './documents/RemoveDialog.tsx'
import { announce } from './live/announcer.ts'
import { LiveRegion } from './live/LiveRegion.tsx'
import { ResultView } from './result/ResultView.tsx'
import { retryAfterError } from './retry.ts'
import { documentAddress, goTo, listAddress, type Route, replaceRoute, useRoute } from './route.ts'
import { Icon } from './ui/Icon.tsx'
import { Preferences } from './ui/Preferences.tsx'
import { ProblemNote } from './ui/ProblemNote.tsx'
import { DropTarget } from './upload/DropTarget.tsx'
import { UploadPanel } from './upload/UploadPanel.tsx'
import { createUploader } from './upload/uploader.ts'

const uploader = createUploader(uploadFile, {
  onStored: documentAdded,
  onFailed: (file, { code }) => announce({ kind: 'upload_failed', name: file.name, code }),
})

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
      <header className="page-head">
        <a className="brand" href={listAddress(NO_FILTER)}>
          <Icon name="page" />
          <span>{t('app.title')}</span>
        </a>
        <Preferences />
      </header>
      <main>
        {error && <ProblemNote error={error} onClose={clearError} />}
        {route.view === 'document' ? (
          <>
            <UploadPanel uploader={uploader} />
            <ResultView
              key={route.id}
              id={route.id}
              pageNumber={route.page}
              list={list}
              actions={actions}
              heading={heading}
            />
          </>
        ) : (
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

/** The list as it was last seen: where one goes back to from a document. */
function useListAddress(route: Route): string {
  const [last, setLast] = useState(() => listAddress(NO_FILTER))
  const shown = route.view === 'list' ? listAddress(route.filter) : last
  if (shown !== last) setLast(shown)
  return shown
}

/**
 * Moves the focus when another view is shown, as a new page would: to the heading, or back in the list to the document one
 * came from. Not when the page is opened.
 */
function useViewFocus(route: Route) {
  const heading = useRef<HTMLHeadingElement>(null)
  const id = route.view === 'document' ? route.id : null
  const shown = useRef(id)
  useEffect(() => {
    const before = shown.current
    if (before === id) return
    shown.current = id
    const row = before && id === null ? document.querySelector(`a[href="${documentAddress(before)}"]`) : null
    if (row instanceof HTMLElement) return row.focus()
    scrollTo(0, 0)
    heading.current?.focus()
  }, [id])
  return heading
}
