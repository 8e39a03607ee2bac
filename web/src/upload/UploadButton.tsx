import { SUPPORTED_TYPES } from '@adp/contract/document.ts'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'

/** Opens the file picker. A real button before a hidden input: it is reached and pressed by keyboard like any other. */
export function UploadButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" className="button primary" onClick={() => input.current?.click()}>
        <Icon name="upload" />
        {t('upload.button')}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={SUPPORTED_TYPES.join(',')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = '' // so that the same file can be chosen again
        }}
      />
    </>
  )
}
