import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'
import { droppedFiles } from './dropped-files.ts'

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/** Takes files dropped anywhere on the window, and says so while they hang over it. */
export function DropTarget({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)

  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault() // else the browser would open the file in place of the page
      setOver(true)
    }
    const onDragLeave = (event: DragEvent) => {
      // It bubbles up from every element; only leaving the window has no element to go to.
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      setOver(false)
      if (!hasFiles(event) || event.dataTransfer === null) return
      event.preventDefault()
      void droppedFiles(event.dataTransfer).then((files) => files.length > 0 && onFiles(files))
    }
    addEventListener('dragenter', onDragOver)
    addEventListener('dragover', onDragOver)
    addEventListener('dragleave', onDragLeave)
    addEventListener('drop', onDrop)
    return () => {
      removeEventListener('dragenter', onDragOver)
      removeEventListener('dragover', onDragOver)
      removeEventListener('dragleave', onDragLeave)
      removeEventListener('drop', onDrop)
    }
  }, [onFiles])

  if (!over) return null
  return (
    <div className="drop-target">
      <div>
        <Icon name="upload" />
        <strong>{t('upload.drop')}</strong>
        <span>{t('upload.drop_types')}</span>
      </div>
    </div>
  )
}
