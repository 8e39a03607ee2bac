import type { DocumentDetails } from '@adp/contract/document.ts'
import { isFinished } from '@adp/contract/job.ts'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import useSWR from 'swr'
import { documentPath, getDocument } from '../api.ts'
import type { ApiError } from '../api-error.ts'
import { AllButtons } from '../documents/ActionButtons.tsx'
import type { DocumentActions } from '../documents/actions.ts'
import { FailedPagesNote } from '../documents/FailedPagesNote.tsx'
import { FailureReason } from '../documents/FailureReason.tsx'
import { MailNotes } from '../documents/MailNotes.tsx'
import { NoTextNote } from '../documents/NoTextNote.tsx'
import { isPaidFor, readByWords } from '../documents/read-by.ts'
import { StatusCell } from '../documents/StatusCell.tsx'
import { POLL_MS, useStatusPolling } from '../documents/use-status-polling.ts'
import { PausedNote } from '../queue/PausedNote.tsx'
import { usePause } from '../queue/use-queue.ts'
import { documentAddress, replaceRoute } from '../route.ts'
import { Icon } from '../ui/Icon.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useFormat } from '../ui/use-format.ts'
import { Attachments } from './Attachments.tsx'
import { Pager } from './Pager.tsx'
import { PageView } from './PageView.tsx'

type Props = {
  id: string
  pageNumber: number
  /** What was searched for, and is marked; empty: nothing. */
  q: string
  /** The address one goes back to. */
  list: string
  actions: DocumentActions
  heading: RefObject<HTMLHeadingElement | null>
}

/** One document: where it stands, and its text page by page. */
export function ResultView({ id, pageNumber, q, list, actions, heading }: Props) {
  const { t } = useTranslation()
  const { data, error, mutate } = useSWR<DocumentDetails, ApiError>(documentPath(id), () => getDocument(id), {
    revalidateOnFocus: false, // while it is pending, its status is polled
    refreshInterval: (details) => (details?.attachments.some(({ job }) => !isFinished(job.status)) ? POLL_MS : 0),
  })
  return (
    <>
      <a className="back" href={list}>
        <Icon name="back" />
        {t('common.back')}
      </a>
      <h1 ref={heading} tabIndex={-1} className="document-name">
        {data?.filename ?? t('app.title')}
      </h1>
      {error && <ProblemNote error={error} onRetry={() => void mutate()} />}
      {!data && !error && <p className="muted loading">{t('common.loading')}</p>}
      {data && <LoadedDocument details={data} pageNumber={pageNumber} q={q} actions={actions} />}
    </>
  )
}

type LoadedProps = { details: DocumentDetails; pageNumber: number; q: string; actions: DocumentActions }

function LoadedDocument({ details, pageNumber, q, actions }: LoadedProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const place = useStatusPolling(details)
  const { job, size_bytes, created_at, result } = details
  const paidFor = isPaidFor(job) && readByWords(job, t, format)
  const paused = usePause(!isFinished(job.status))
  return (
    <>
      <p className="document-facts">
        <StatusCell job={job} place={place} />
        <span className="muted">
          {format.size(size_bytes)} · <time dateTime={created_at}>{format.moment(created_at)}</time>
          {paidFor && ` · ${paidFor}`}
        </span>
      </p>
      <MailNotes document={details} />
      <PausedNote paused={paused} />
      <FailureReason job={job} />
      <FailedPagesNote document={details} actions={actions} />
      <NoTextNote job={job} />
      <AllButtons document={details} actions={actions} hasResult={result !== null} />
      <Attachments attachments={details.attachments} />
      {result && job.status !== 'COMPLETED' && <p className="note">{t('result.older')}</p>}
      {result && <Pages id={details.id} result={result} pageNumber={pageNumber} q={q} />}
      {!result && job.status !== 'FAILED' && <p className="muted">{t('result.not_yet')}</p>}
    </>
  )
}

type PagesProps = { id: string; result: { job_id: number; pages: number }; pageNumber: number; q: string }

function Pages({ id, result, pageNumber, q }: PagesProps) {
  return (
    <>
      {(result.pages > 1 || pageNumber > result.pages) && (
        <Pager page={pageNumber} total={result.pages} onPage={(page) => replaceRoute(documentAddress(id, page, q))} />
      )}
      <PageView id={id} run={String(result.job_id)} pageNumber={pageNumber} q={q} />
    </>
  )
}
