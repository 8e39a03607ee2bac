import type { Document } from '@adp/contract/document.ts'
import { isFinished } from '@adp/contract/job.ts'
import { useTranslation } from 'react-i18next'
import { contentPath } from '../api.ts'
import { Icon } from '../ui/Icon.tsx'
import type { DocumentActions } from './actions.ts'
import { DownloadMenu } from './DownloadMenu.tsx'

type Props = { document: Document; actions: DocumentActions }

/** The row's own buttons, small; the same with words stand in its details. */
export function RowButtons({ document, actions }: Props) {
  const { t } = useTranslation()
  const name = document.filename
  const again = wayAgain(document)
  return (
    <span className="buttons">
      <button
        type="button"
        className="button icon-only only-when-possible"
        title={t('action.cancel')}
        aria-label={t('action.cancel_of', { name })}
        {...canceling({ document, actions })}
      >
        <Icon name="canceled" />
      </button>
      <button
        type="button"
        className="button icon-only"
        title={t(`action.${again}`)}
        aria-label={t(`action.${again}_of`, { name })}
        {...reprocessing({ document, actions })}
      >
        <Icon name="again" />
      </button>
      <button
        type="button"
        className="button icon-only"
        title={t('action.delete')}
        aria-label={t('action.delete_of', { name })}
        onClick={() => actions.remove(document)}
      >
        <Icon name="trash" />
      </button>
    </span>
  )
}

/** Everything that can be done with a document, in words. */
export function AllButtons({ document, actions, hasResult }: Props & { hasResult: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="buttons">
      <button type="button" className="button" {...reprocessing({ document, actions })}>
        <Icon name="again" />
        {t(`action.${wayAgain(document)}`)}
      </button>
      {hasResult ? (
        <DownloadMenu document={document} />
      ) : (
        <a className="button" href={contentPath(document.id)} download={document.filename}>
          <Icon name="download" />
          {t('action.original')}
        </a>
      )}
      <button type="button" className="button danger" onClick={() => actions.remove(document)}>
        <Icon name="trash" />
        {t('action.delete')}
      </button>
      {/* The last: where it goes, no other button moves away under the mouse. */}
      <button type="button" className="button only-when-possible" {...canceling({ document, actions })}>
        <Icon name="canceled" />
        {t('action.cancel')}
      </button>
    </div>
  )
}

/** What failed for good will most likely fail the same way: "Try again" would promise too much. */
const wayAgain = ({ job }: Document) => (job.status === 'FAILED' && job.error?.retryable ? 'retry' : 'reprocess')

/** Only an unfinished document can be canceled. */
function canceling({ document, actions }: Props) {
  const possible = !isFinished(document.job.status)
  return { 'aria-disabled': !possible, onClick: () => possible && actions.cancel(document) }
}

/**
 * Only a finished document can be processed again, and one whose cancellation is under way has no end yet. aria-disabled,
 * not disabled: that would throw the focus away.
 */
function reprocessing({ document, actions }: Props) {
  const possible = document.job.finished_at !== null
  return { 'aria-disabled': !possible, onClick: () => possible && actions.reprocess(document) }
}
