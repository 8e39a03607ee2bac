import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'
import { copyText } from './copy.ts'

type Props = { label: string; getText: () => Promise<string> }

/** Copies a text and says whether that worked, aloud too. */
export function CopyButton({ label, getText }: Props) {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<'copied' | 'copy_failed' | null>(null)

  async function copy(): Promise<void> {
    setOutcome(null)
    setOutcome(
      await copyText(getText()).then(
        () => 'copied',
        () => 'copy_failed',
      ),
    )
  }

  return (
    <span className="copy">
      <button type="button" className="button" onClick={() => void copy()} onBlur={() => setOutcome(null)}>
        <Icon name={outcome === 'copied' ? 'check' : 'copy'} />
        {label}
      </button>
      <span role="status" className="muted">
        {outcome && t(`result.${outcome}`)}
      </span>
    </span>
  )
}
