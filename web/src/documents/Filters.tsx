import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentFilter } from '../api.ts'
import { Icon } from '../ui/Icon.tsx'
import { MAX_NAME_LENGTH, STATUSES, type StatusName } from './filter.ts'

// Longer than the pause between two letters, shorter than one that is felt.
const TYPING_PAUSE_MS = 300

type Props = { filter: DocumentFilter; onChange: (filter: DocumentFilter) => void }

/** By name, a moment after the last letter, and by status. */
export function Filters({ filter, onChange }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(filter.filename)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setTyped(filter.filename), [filter.filename])
  useEffect(() => () => clearTimeout(timer.current), [])

  function type(filename: string): void {
    setTyped(filename)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onChange({ ...filter, filename }), TYPING_PAUSE_MS)
  }

  return (
    <search className="filters">
      <span className="search-field">
        <Icon name="search" />
        <input
          type="search"
          aria-label={t('filter.name')}
          placeholder={t('filter.name')}
          maxLength={MAX_NAME_LENGTH}
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      </span>
      <select
        aria-label={t('filter.status')}
        value={filter.status}
        onChange={(event) => {
          clearTimeout(timer.current)
          onChange({ filename: typed, status: event.target.value })
        }}
      >
        {Object.entries(STATUSES).map(([name, status]) => (
          <option key={name} value={status}>
            {t(`filter.${name as StatusName}`)}
          </option>
        ))}
      </select>
    </search>
  )
}
