import type { Document, DocumentDetails } from '@adp/contract/document.ts'
import { useTranslation } from 'react-i18next'
import useSWR from 'swr'
import { documentPath, getDocument } from '../api.ts'
import type { ApiError } from '../api-error.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { AllButtons } from './ActionButtons.tsx'
import { Attempts } from './Attempts.tsx'
import type { DocumentActions } from './actions.ts'
import { FailedPagesNote } from './FailedPagesNote.tsx'
import { FailureReason } from './FailureReason.tsx'
import { NoTextNote } from './NoTextNote.tsx'
import { ReadBy } from './ReadBy.tsx'

/** The expanded part of a row: the reason of a failure, everything one can do, and every attempt. */
export function RowDetails({ document, actions }: { document: Document; actions: DocumentActions }) {
  const { t } = useTranslation()
  const { data, error } = useSWR<DocumentDetails, ApiError>(
    documentPath(document.id),
    () => getDocument(document.id),
    { revalidateOnFocus: false }, // cache.ts has it loaded again when its job moves on
  )
  return (
    <div className="row-details">
      <FailureReason job={document.job} />
      <FailedPagesNote document={document} actions={actions} />
      <NoTextNote job={document.job} />
      <AllButtons document={document} actions={actions} hasResult={Boolean(data?.result)} />
      {error && <ProblemNote error={error} />}
      {data && <Attempts attempts={data.attempts} job={document.job} />}
      <dl>
        <ReadBy job={document.job} />
        <dt>{t('details.type')}</dt>
        <dd>{document.content_type}</dd>
        <dt>{t('details.sha256')}</dt>
        <dd>
          <code>{document.sha256}</code>
        </dd>
      </dl>
    </div>
  )
}
