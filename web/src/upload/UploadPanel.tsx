import { useEffect, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'
import { canRetry, type Upload } from './queue.ts'
import type { Uploader } from './uploader.ts'

/** What is being uploaded, what waits, and what failed with its reason. Nothing to show, nothing there. */
export function UploadPanel({ uploader }: { uploader: Uploader }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { uploads, done } = useSyncExternalStore(uploader.subscribe, uploader.snapshot)
  const sending = uploads.filter(({ state }) => state === 'sending')
  const waiting = uploads.filter(({ state }) => state === 'waiting').length
  const failed = uploads.filter(({ state }) => state === 'failed')
  const busy = sending.length + waiting > 0
  useWarningBeforeLeaving(busy)

  if (uploads.length === 0) return null
  const all = done + uploads.length
  return (
    <section className="card uploads" aria-label={t('upload.title')}>
      {busy && (
        <div className="uploads-head">
          <strong>{t('upload.progress', { done: format.number(done), all: format.number(all) })}</strong>
          <button type="button" className="button quiet" onClick={uploader.stop}>
            {t('upload.stop')}
          </button>
        </div>
      )}
      {busy && (
        <ul>
          {sending.map((upload) => (
            <SendingFile key={upload.key} upload={upload} />
          ))}
          {waiting > 0 && (
            <li className="muted">{t('upload.waiting', { count: waiting, n: format.number(waiting) })}</li>
          )}
        </ul>
      )}
      {failed.length > 0 && <FailedFiles uploads={failed} uploader={uploader} />}
    </section>
  )
}

function SendingFile({ upload: { file, sent, total } }: { upload: Upload }) {
  const { t } = useTranslation()
  const format = useFormat()
  const allSent = total > 0 && sent >= total
  return (
    <li className="upload">
      <span className="upload-name">{file.name}</span>
      <progress
        aria-label={t('upload.sending', { name: file.name })}
        max={1}
        // Without a value it shows that it works on, for as long as the server takes to answer.
        {...(total > 0 && !allSent ? { value: sent / total } : {})}
      />
      <span className="upload-amount">
        {allSent ? t('upload.storing') : total > 0 ? format.percent(sent / total) : t('upload.starting')}
      </span>
    </li>
  )
}

function FailedFiles({ uploads, uploader }: { uploads: readonly Upload[]; uploader: Uploader }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <div className="uploads-head">
        <strong className="bad">
          <Icon name="failed" /> {t('upload.failed', { count: uploads.length, n: format.number(uploads.length) })}
        </strong>
        <span className="buttons">
          {uploads.some(canRetry) && (
            <button type="button" className="button quiet" onClick={uploader.retryAll}>
              {t('upload.retry_all')}
            </button>
          )}
          <button type="button" className="button quiet" onClick={uploader.dismissAll}>
            {t('upload.dismiss_all')}
          </button>
        </span>
      </div>
      <ul className="failed-uploads">
        {uploads.map((upload) => (
          <FailedFile key={upload.key} upload={upload} uploader={uploader} />
        ))}
      </ul>
    </>
  )
}

function FailedFile({ upload, uploader }: { upload: Upload; uploader: Uploader }) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const { key, file, error } = upload
  const reason = error && words(error.code)
  return (
    <li className="failed-upload">
      <span>
        <strong className="upload-name">{file.name}</strong>
        {reason && (
          <span>
            {reason.message} {reason.action}
          </span>
        )}
        {error?.detail && <small className="muted">{error.detail}</small>}
      </span>
      <span className="buttons">
        {canRetry(upload) && (
          <button
            type="button"
            className="button icon-only"
            title={t('common.retry')}
            aria-label={t('upload.retry_of', { name: file.name })}
            onClick={() => uploader.retry(key)}
          >
            <Icon name="again" />
          </button>
        )}
        <button
          type="button"
          className="button icon-only"
          title={t('common.close')}
          aria-label={t('upload.dismiss_of', { name: file.name })}
          onClick={() => uploader.dismiss(key)}
        >
          <Icon name="close" />
        </button>
      </span>
    </li>
  )
}

/** The browser asks before it closes a page that is still uploading: the rest of 200 files would be lost unseen. */
function useWarningBeforeLeaving(busy: boolean): void {
  useEffect(() => {
    if (!busy) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [busy])
}
