import type { ExportFormat } from '@adp/contract/export.ts'
import { type MouseEvent, useEffect, useRef, useState } from 'react'
import { exportPath, waitForExport } from '../api.ts'
import { type ApiError, asApiError } from '../api-error.ts'

/** Downloads what the browser is told of; the element is never shown. */
function download(path: string, filename: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = filename
  link.click()
}

/** A download that may have to be made first: it begins when it is there, unless the page has gone elsewhere. */
export function usePreparedDownload(id: string, format: ExportFormat, filename: string) {
  const [state, setState] = useState<'idle' | 'preparing'>('idle')
  const [error, setError] = useState<ApiError | null>(null)
  const leaving = useRef(new AbortController())
  useEffect(() => {
    leaving.current = new AbortController()
    return () => leaving.current.abort()
  }, [])

  async function prepare(): Promise<void> {
    const { signal } = leaving.current
    setState('preparing')
    setError(null)
    try {
      await waitForExport(id, format, signal)
      signal.throwIfAborted()
      download(exportPath(id, format), filename)
    } catch (caught) {
      if (!signal.aborted) setError(asApiError(caught))
    }
    if (!signal.aborted) setState('idle')
  }

  const start = (event: MouseEvent) => {
    event.preventDefault()
    if (state === 'idle') void prepare()
  }
  return { state, error, start }
}
