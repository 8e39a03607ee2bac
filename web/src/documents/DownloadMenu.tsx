import type { Document } from '@adp/contract/document.ts'
import type { DocumentExport, ExportFormat, ExportList } from '@adp/contract/export.ts'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import useSWR from 'swr'
import { contentPath, exportPath, exportsPath, getExports } from '../api.ts'
import type { ApiError } from '../api-error.ts'
import { Icon } from '../ui/Icon.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useDismissal } from './use-dismissal.ts'
import { usePreparedDownload } from './use-prepared-download.ts'

/** A button that shows everything that a document can be downloaded as. */
export function DownloadMenu({ document }: { document: Document }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const panel = useId()
  const whole = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useDismissal(whole, isOpen, (wasKey) => {
    setOpen(false)
    if (wasKey) button.current?.focus()
  })
  return (
    <div className="download" ref={whole}>
      <button
        type="button"
        className="button"
        ref={button}
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="download" />
        {t('action.download')}
        <Icon name="chevron" />
      </button>
      <div id={panel} className="download-panel card" hidden={!isOpen}>
        {isOpen && <Downloads document={document} />}
      </div>
    </div>
  )
}

function Downloads({ document }: { document: Document }) {
  const { t } = useTranslation()
  const { data, error, mutate } = useSWR<ExportList, ApiError>(
    [exportsPath(document.id), document.job.id],
    () => getExports(document.id),
    { revalidateOnFocus: false },
  )
  return (
    <>
      <ul>
        <li>
          <a href={contentPath(document.id)} download={document.filename}>
            {t('download.original')}
          </a>
        </li>
        {data?.exports.map((each) => (
          <li key={each.format}>
            <Download id={document.id} one={each} />
          </li>
        ))}
      </ul>
      {!data && !error && <p className="muted loading">{t('common.loading')}</p>}
      {error && <ProblemNote error={error} onRetry={() => void mutate()} />}
    </>
  )
}

/** Why a document may lack a format; the others are always there. */
const WHY_MISSING = {
  pdf: 'download.without_pages',
  xlsx: 'download.without_tables_and_fields',
  csv: 'download.without_tables',
  md: null,
  txt: null,
  json: null,
} as const satisfies Record<ExportFormat, string | null>

/** One format. What a document does not have is said to be missing, and why. */
function Download({ id, one }: { id: string; one: DocumentExport }) {
  const { t } = useTranslation()
  const { format, filename, available } = one
  const { state, error, start } = usePreparedDownload(id, format, filename)
  const name = t(`download.${format}`)
  const why = WHY_MISSING[format]
  if (!available) return <span className="muted">{why ? `${name}: ${t(why)}` : name}</span>
  // Only a PDF is made when it is asked for; all others begin at once.
  if (format !== 'pdf')
    return (
      <a href={exportPath(id, format)} download={filename}>
        {name}
      </a>
    )
  return (
    <>
      <a href={exportPath(id, format)} download={filename} onClick={start}>
        {name}
      </a>
      <span role="status" className="muted">
        {state === 'preparing' && t('download.preparing')}
      </span>
      {error && <ProblemNote error={error} />}
    </>
  )
}
